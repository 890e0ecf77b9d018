"""A user's own copy of a database, read from where the user says: bounded in size, and in the number of files.

Nothing of these databases comes with hb, and nothing of them is kept: they are read when a scan asks for them, and
forgotten with it. What cannot be opened is the person's mistake (BadInput); what is too large is no such database.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import BadInput, DataError

LARGEST = 16 << 20  # bytes of one file; nmap's has 2.6 MB, Recog's largest 0.5 MB
MOST = 500  # files of a folder; Recog has 50


def one(path: str, what: str) -> bytes:
    """A file's bytes. Raises BadInput if it cannot be read, DataError if it is too large to be what it should be."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadInput(f"{path!r} cannot be read: {error.strerror or error}", f"Name {what}.") from error
    except ValueError as error:  # a NUL in the name
        raise BadInput(f"{path!r} is no name of a file", f"Name {what}.") from error
    if len(data) > LARGEST:
        raise DataError(f"{path!r} has more than {LARGEST >> 20} MiB", f"Name {what}.")
    return data


def folder(path: str, ending: str, what: str) -> tuple[str, ...]:
    """The files of a folder that end so, in order; of its folder `xml` where it has none itself. Raises BadInput."""
    for place in (path, os.path.join(path, "xml")):
        try:
            found = sorted(name for name in os.listdir(place) if name.endswith(ending))
        except (OSError, ValueError) as error:
            raise BadInput(f"{path!r} has no file that ends in {ending}", f"Name {what}.") from error
        if len(found) > MOST:
            raise BadInput(f"{place!r} has more than {MOST} files that end in {ending}", f"Name {what}.")
        if found:
            return tuple(os.path.join(place, name) for name in found)
    raise BadInput(f"{path!r} has no file that ends in {ending}", f"Name {what}.")
