"""What should be open: the language of hb.d, and openings held against it. Pure: texts and times in, values out."""
