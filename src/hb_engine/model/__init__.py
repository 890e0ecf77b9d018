"""The nouns. Frozen records of the standard library only; no I/O, no clock, no import from any other room."""
