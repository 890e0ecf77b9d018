"""Everything that is imported late is imported now: once rights are given up, the files of Python may be out of reach.

hb's modules import what is rarely needed where it is needed. A process that has become nobody cannot always do that: a
Python below /root, or a checkout in a home of mode 0700, is closed to it. So the sources of what is loaded are read for
such imports, until there are no more. It refuses what looks, scans or asks: that is for the processes with rights.
"""

from __future__ import annotations

import ast
import re
import sys
from importlib import import_module

HERE = "hb_engine"
# Rooms that the serving process has something of, and what of their wishes is not for it.
ROOMS = tuple([f"{HERE}.{name}." for name in ("faces", "model", "registry", "app.looking.port", "app.hub.wires")])
OTHERS = tuple(
    [f"{HERE}.{name}." for name in ("inventory", "scan", "identify", "kernel", "store", "faces.cli", "app.hub.desk")]
)
INDENTED = re.compile(r"^[ \t]+(?:import|from)[ \t]", re.MULTILINE)
# What others load late: threads (asyncio.to_thread), names of hosts and text in them, tracebacks.
LATE = (
    *("concurrent.futures.thread", "encodings.idna", "encodings.latin_1", "encodings.ascii", "encodings.utf_8_sig"),
    *("linecache", "stringprep", "tokenize", "traceback", "unicodedata", "babel.lists", "babel.units", "jinja2.debug"),
)


def load_late() -> tuple[str, ...]:
    """Import it; the names of what could not be, which is what this system does not have."""
    absent: set[str] = set()
    for name in (*LATE, *_records()):
        _load(name, absent)
    read: set[str] = set()
    while left := {name for name in sys.modules if _is_ours(name)} - read:
        for name in sorted(left):
            read.add(name)
            source = _source(name)
            for wanted in late(source) if INDENTED.search(source) else ():
                if not f"{wanted}.".startswith(OTHERS):
                    _load(wanted, absent)
    return tuple(sorted(absent))


def _records() -> list[str]:
    """Where the records are that sights and answers are made of: whoever unpickles one wants its module."""
    from pkgutil import iter_modules

    from hb_engine import model
    from hb_engine.app.hub import questions

    rooms = (model, questions)
    return [f"{room.__name__}.{one.name}" for room in rooms for one in iter_modules(room.__path__)]


def late(source: str) -> tuple[str, ...]:
    """The modules that a module imports within its functions, a package's parts with their names."""
    found: list[str] = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found += [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found += [node.module, *[f"{node.module}.{alias.name}" for alias in node.names]]
    return tuple(dict.fromkeys(found))


def _is_ours(name: str) -> bool:
    return f"{name}.".startswith(ROOMS) and not f"{name}.".startswith(OTHERS)


def _source(name: str) -> str:
    """A module's text, empty where there is none: a folder without a file of its own."""
    spec = getattr(sys.modules[name], "__spec__", None)
    loader = getattr(spec, "loader", None)
    if loader is None or not hasattr(loader, "get_source"):
        return ""
    return loader.get_source(name) or ""


def _load(name: str, absent: set[str]) -> None:
    room, _, part = name.rpartition(".")
    if name in sys.modules or name in absent or hasattr(sys.modules.get(room), part):
        return
    try:
        import_module(name)
    except ImportError:  # a name within a module, or what another system has
        absent.add(name)
