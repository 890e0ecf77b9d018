"""Model records turned into documents: one story, one file. No output, no clock, no width."""
