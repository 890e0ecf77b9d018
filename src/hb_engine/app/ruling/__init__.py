"""Should it be open? The baseline read, and openings held against it; nothing is written here."""
