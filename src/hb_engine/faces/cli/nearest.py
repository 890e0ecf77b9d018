"""What was probably meant by a mistyped word, for the command line: model/nearest.py."""

from __future__ import annotations

from hb_engine.model.nearest import distance, nearest

__all__ = ["distance", "nearest"]
