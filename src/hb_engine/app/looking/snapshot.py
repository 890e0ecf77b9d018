"""`hb snapshot`: a look with everything, and a file that is there whole or not at all, for its owner's eyes only."""

from __future__ import annotations

import os

from hb_engine.model.answer import Answer
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import record
from hb_engine.wire.dates import iso

ENDING = ".hbsnap"
LONGEST = 64  # characters of a machine's name that a file's name has
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@record
class Taken:
    """A look, and what its openings said, by key, where they were asked."""

    look: Inventory
    spoken: dict[str, Answer] | None = None


def take(*, identify: bool = False) -> Taken:
    """Look at this machine, and ask what speaks where that is wanted. Raises CannotLook."""
    from hb_engine.app.looking.look import look  # the same look as hb ls

    seen = look()
    if not identify:
        return Taken(seen)
    from hb_engine.app.looking import own  # brings all probes along

    return Taken(seen, own.speaks(seen.openings))


def name(seen: Inventory) -> str:
    """web-17-20261122T140511Z.hbsnap; of a machine's name only letters, digits, dots and dashes are kept."""
    kept = "".join([c for c in seen.host.name[:LONGEST] if c.isascii() and (c.isalnum() or c in "-_.")]).lstrip(".-")
    return f"{kept or 'host'}-{iso(seen.taken_at).replace('-', '').replace(':', '')}{ENDING}"


def write(path: str, text: str) -> str:
    """Put a text into a file, beside it first and then in its place, with mode 0600; its absolute path. DataError."""
    where = os.path.abspath(path)
    beside = f"{where}.{os.getpid()}.hb-new"
    try:
        if os.path.isdir(where):
            raise DataError(f"{path} is a folder", "Name a file.")
        descriptor = os.open(beside, _FLAGS, 0o600)
        try:
            with open(descriptor, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(descriptor)
            os.replace(beside, where)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}", "Make room, or name another file.") from error
    return where
