"""Packages that pacman installed, upgraded or removed, by its log; and apk's, where apk keeps one.

    [2026-11-25T21:41:22+0100] [ALPM] upgraded nginx (1.26.2-1 -> 1.26.2-2)

Source: pacman.conf(5) LogFile; libalpm's lib/libalpm/{log,add,remove}.c.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.logs import Clock, lines
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.records import Told

LOG = "var/log/pacman.log"
DATABASE = "var/lib/pacman/local"
RECORD = Record("package pacman", (f"/{LOG}",))
DONE = ("installed", "upgraded", "downgraded", "reinstalled", "removed")


def events(root: str, since: float) -> Told:
    """Changes of packages since a time, and what could not be read."""
    told, gaps = lines(root, LOG, since)
    missing = not os.path.exists(os.path.join(root, LOG)) and os.path.exists(os.path.join(root, DATABASE))
    if missing:
        gaps = (Gap("which packages changed lately", f"/{LOG} is not there", "let pacman keep its log", "facts"),)
    clock = Clock(root)
    return tuple([one for line in told if (one := _event(line, clock)) and one.at >= since]), gaps


def _event(line: str, clock: Clock) -> Event | None:
    stamp, _, rest = line.partition("] ")
    words = rest.split(" ", 3)
    if not stamp.startswith("[") or len(words) != 4 or words[0] != "[ALPM]" or words[1] not in DONE:
        return None
    at = clock.iso(stamp[1:])
    if at is None:
        return None
    versions = words[3].strip().removeprefix("(").removesuffix(")")
    return Event(at, "package", f"{words[2]} {words[1]} {versions}".strip(), f"/{LOG}", words[2])
