"""Whether a page was useful, as the people at this machine said: a small file among hb's own records.

Nothing of it leaves the machine, and no page is counted that nobody judged. The file holds at most MOST pages; of more
it keeps those that were judged last. What is no such file is as good as none, since two numbers a page are worth no
trouble. It refuses to note who said so, and when.
"""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.model.errors import BadInput, CannotLook
from hb_engine.model.record import record
from hb_engine.registry import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILE = "useful.json"
FORMAT = 1
MOST = 2000  # pages that are remembered: about 40 kB
HIGHEST = 1_000_000  # of a count
PORTS = 65536


@record
class Votes:
    """How often a port's page was useful to somebody here, and how often it was not."""

    port: int
    yes: int = 0
    no: int = 0


def kept(folder: str | None = None) -> tuple[Votes, ...]:
    """Every page that was judged, the latest last; () where there is no folder or no file that can be read."""
    place = folder or folders.state()
    return tuple(_read(place).values()) if place else ()


def add(port: int, *, useful: bool, folder: str | None = None) -> Votes:
    """Count one judgement, and say how the page stands. Raises BadInput for what is no port, CannotLook where there is
    no folder for it, DataError where it cannot be written."""
    check(port)
    place = folder or folders.state()
    if place is None:
        raise CannotLook("there is no folder to keep what was useful in", "Set XDG_STATE_HOME to one of yours.")
    known = _read(place)
    before = known.pop(port, Votes(port))  # and it is put at the end: the page that was judged last
    known[port] = Votes(port, min(before.yes + useful, HIGHEST), min(before.no + (not useful), HIGHEST))
    _write(place, list(known.values())[-MOST:])
    return known[port]


def check(port: object) -> None:
    """Refuse what is no port; whoever asks is trusted with nothing."""
    if not (isinstance(port, int) and not isinstance(port, bool) and 0 <= port < PORTS):
        raise BadInput(f"{port!r:.60} is no port", "Ports are numbers from 0 to 65535.")


def _read(folder: str) -> dict[int, Votes]:
    import json  # the answering process alone comes here

    try:
        value = json.loads(files.read_small(os.path.join(folder, FILE)) or b"{}")
    except (ValueError, RecursionError):
        return {}
    pages = value.get("pages") if isinstance(value, dict) and value.get("format") == FORMAT else None
    found = [_votes(entry) for entry in (pages if isinstance(pages, list) else [])]
    return {one.port: one for one in found[-MOST:] if one}


def _votes(entry: Any) -> Votes | None:
    if not (isinstance(entry, list) and len(entry) == 3 and all(type(number) is int for number in entry)):
        return None
    port, yes, no = entry
    fits = 0 <= port < PORTS and 0 <= yes <= HIGHEST and 0 <= no <= HIGHEST
    return Votes(port, yes, no) if fits else None


def _write(folder: str, pages: list[Votes]) -> None:
    import json

    value = {"format": FORMAT, "pages": [[one.port, one.yes, one.no] for one in pages]}
    files.write_whole(folder, FILE, json.dumps(value).encode() + b"\n")
