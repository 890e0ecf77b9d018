"""Rules about when an opening was first seen: they need Facts.first_seen, and are loaded where history was asked."""
