"""The language of hb.d: texts into rules, and every mistake told with its place. parse.py is the door."""
