"""What the pages of `hb serve` know and may do: sights that are renewed, and questions to a process with rights."""
