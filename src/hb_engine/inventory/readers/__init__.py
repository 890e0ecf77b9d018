"""What other tools wrote of a machine's sockets, read as inventories: one format, one file.

A reader refuses to guess what its source does not tell: each says so as gaps of the inventory that it makes.
"""
