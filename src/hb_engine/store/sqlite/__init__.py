"""History in one file beside the program: SQLite, which comes with Python and survives what machines do to files."""
