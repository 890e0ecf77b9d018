"""The pages of `hb serve`, and their JSON: what the rooms know, served on loopback."""
