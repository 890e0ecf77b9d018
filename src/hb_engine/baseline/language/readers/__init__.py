"""Formats of the baseline's files: a module each, with FORMAT and read(text), and perhaps inside(text, at, offset)."""
