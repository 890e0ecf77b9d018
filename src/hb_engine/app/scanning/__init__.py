"""What answers from outside: what may be asked, the asking, and both sides beside each other."""
