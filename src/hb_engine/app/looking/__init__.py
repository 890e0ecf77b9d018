"""What is open here, what it is for and what it says: looks at this machine, and files that stand in their place."""
