"""Where targets stand when they are not on the command line: a person's file.

A file holds words as on the command line, any number a line, with # before comments. Hosts of the baseline's roles come
from a function that is passed in (targets.py): the baseline is another room's. It refuses files that hold more than a
person writes, files inside of files, and to know what a word means.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record
from hb_engine.scan.words import quoted

LIMIT = 16 << 20  # bytes of a file of targets: a million addresses


@record
class Said:
    """A word, and where it was said: hosts.txt:12; empty for the command line."""

    word: str
    where: str = ""


def from_file(path: str) -> list[Said]:
    """The words of a file, "-" being standard input. Raises BadInput for what cannot be read, and for an empty one."""
    data = _read(path, LIMIT)
    found = []
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").splitlines(), 1):
        for word in line.partition("#")[0].split():
            if word[0] == "@":
                raise BadInput(f"{_shown(path)}:{number}: {quoted(word)} stands in a file", "Type it on the line.")
            found.append(Said(word, f"{_shown(path)}:{number}"))
    if not found:
        raise BadInput(f"{_shown(path)} holds no target", "Write an address, a network or a name on each line.")
    return found


def _read(path: str, limit: int) -> bytes:
    try:
        if path != "-" and os.path.exists(path) and not os.path.isfile(path):  # a named pipe would keep us for ever
            raise BadInput(f"{_shown(path)} is no file", "Name a file of targets, or - for standard input.")
        with open(0 if path == "-" else path, "rb", buffering=0, closefd=path != "-") as file:
            pieces, left = [], limit + 1
            while left > 0 and (piece := file.read(left)):
                pieces.append(piece)
                left -= len(piece)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or "no such name can be"
        raise BadInput(f"{_shown(path)} cannot be read: {reason}", "Name a file that is yours to read.") from error
    if left <= 0:
        raise BadInput(f"{_shown(path)} is larger than {limit >> 20} MiB", "Write networks instead of their addresses.")
    return b"".join(pieces)


def _shown(path: str) -> str:
    """A path as it stands in a message: as it is where it is plain, escaped otherwise."""
    return "standard input" if path == "-" else path if path.isprintable() and len(path) <= 200 else quoted(path)
