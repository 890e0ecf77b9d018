"""What the pages about machines are made of: rows, filters, stories, strips of time, and both sides of a port."""
