"""What was: looks that are kept, and what is asked of them."""
