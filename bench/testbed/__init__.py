"""A bed of real servers to measure scanners against. `python -m bench.testbed` from the checkout's top is its command.

hb_engine is taken from src/, whatever else of that name the path has.
"""

from __future__ import annotations

import os
import sys

SOURCES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "src")
if SOURCES not in sys.path:
    sys.path.insert(0, SOURCES)
