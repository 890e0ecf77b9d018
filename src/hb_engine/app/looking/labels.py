"""The labels that this machine's administrator gave it, by which roles of a baseline choose machines.

One label a line (name=value, or a word) in labels of the system's folder, and more in $HB_LABELS, divided by blanks or
commas. They are decisions of people, so they are taken as written; only what could not be read is told.
"""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.model.inventory import Gap

FILE = "labels"
VARIABLE = "HB_LABELS"
LIMIT = 65536  # bytes of the file, and characters of the variable
MOST, LONGEST = 256, 256  # labels, and characters of one


def labels(folder: str | None = None) -> tuple[tuple[str, ...], tuple[Gap, ...]]:
    """The labels, each once and in their order, and a gap where the file could not be read."""
    path = os.path.join(folder if folder is not None else folders.system(), FILE)
    lines, gaps = _lines(path)
    words = os.environ.get(VARIABLE, "")[:LIMIT].replace(",", " ").split()
    found = [one for one in (line.partition("#")[0].strip() for line in lines) if one]
    return tuple(dict.fromkeys([one[:LONGEST] for one in found + words]))[:MOST], gaps


def _lines(path: str) -> tuple[list[str], tuple[Gap, ...]]:
    try:
        with open(path, "rb", buffering=0) as file:
            data = file.read(LIMIT) or b""
    except (FileNotFoundError, NotADirectoryError):
        return [], ()
    except OSError as error:
        what, why = "the labels of this machine", f"{path} could not be read: {error.strerror}"
        return [], (Gap(what, why, "let everyone read it, or run hb as root", "facts"),)
    return data.decode("utf-8", "replace").splitlines(), ()
