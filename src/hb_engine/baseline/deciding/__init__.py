"""Openings held against rules: which are for this machine, which are about this opening, which wins. decide.py is the
door.
"""
