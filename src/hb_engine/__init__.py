"""hb-engine: what is open on a machine, why, and what the port is for. ARCHITECTURE.md shows the rooms."""

__version__ = "0.1.0"
