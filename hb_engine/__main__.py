"""Lets `python3 -m hb_engine` work from a bare checkout: no environment, no installation, no packages at all.

Python looks in the current folder first, and the package lies in src/. This folder has no __init__.py, so that wherever
src/ is on the path too, in whichever order, the package there is the one that is found; a module hb_engine.py in its
place would hide it from every tool that puts the checkout's top on its path. It refuses to hold anything of its own: it
puts src/ in front of everything else and hands over.
"""
# ruff: noqa: INP001 - an __init__.py here would hide the real package, see above

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))
    sys.modules.pop("hb_engine", None)  # this folder, which `-m` has imported as an empty package
    __import__("hb_engine.__main__", fromlist=("main",)).main()
