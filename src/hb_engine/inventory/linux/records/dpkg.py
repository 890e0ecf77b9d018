"""Packages that dpkg installed, upgraded or removed, by its log; and who asked for it, by apt's history.

A line of dpkg.log is a date, a time of the machine's zone, a word, a package with its architecture and two versions. Of
the words four change what is installed. apt's history has paragraphs, each with the time from which to which it ran and
the user who asked, where that was by sudo. Sources: dpkg(1) --log, apt's debian/apt.conf and apt-pkg/deb/dpkgpm.cc.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.logs import Clock, lines
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.inventory.linux.records import Told

LOG, HISTORY = "var/log/dpkg.log", "var/log/apt/history.log"
DATABASE = "var/lib/dpkg/status"
RECORD = Record("package dpkg", (f"/{LOG}", f"/{HISTORY}"))
DONE = {"install": "installed", "upgrade": "upgraded", "remove": "removed", "purge": "removed"}
SLACK = 2.0  # seconds: apt's times are those of its own beginning and end, in whole seconds


def events(root: str, since: float) -> Told:
    """Changes of packages since a time, and what could not be read."""
    told, gaps = lines(root, LOG, since)
    if not told and not gaps:
        return (), _missing(root)
    clock = Clock(root)
    asked, more = lines(root, HISTORY, since)
    people = list(_requests(asked, clock))
    return tuple([one for line in told if (one := _event(line, clock, people)) and one.at >= since]), (*gaps, *more)


def _missing(root: str) -> tuple[Gap, ...]:
    """A machine of dpkg without its log cannot tell; one with a log that is old had no changes."""
    if os.path.exists(os.path.join(root, LOG)) or not os.path.exists(os.path.join(root, DATABASE)):
        return ()
    why, remedy = f"/{LOG} is not there", "let dpkg keep it: log in /etc/dpkg/dpkg.cfg"
    return (Gap("which packages changed lately", why, remedy, "facts"),)


def _event(line: str, clock: Clock, people: Iterable[tuple[float, float, str]]) -> Event | None:
    words = line.split(" ")
    if len(words) != 6 or words[2] not in DONE:
        return None
    at = clock.iso(f"{words[0]}T{words[1]}")
    name, before, after = words[3].partition(":")[0], words[4], words[5]
    if at is None or not name:
        return None
    text = f"{name} {DONE[words[2]]}"
    if words[2] == "upgrade":
        text += f" {before} -> {after}"
    elif words[2] == "install":
        text += f" {after}"
    user = next((who for start, end, who in people if start - SLACK <= at <= end + SLACK), "")
    return Event(at, "package", text, f"/{LOG}", name, user)


def _requests(told: Iterable[str], clock: Clock) -> Iterable[tuple[float, float, str]]:
    """From when to when apt ran for whom, by the paragraphs that name somebody: Requested-By: alice (1000)."""
    start, user = None, ""
    for line in told:
        field, _, value = line.partition(": ")
        if field == "Start-Date":
            start, user = clock.iso(value.strip().replace("  ", " ")), ""
        elif field == "Requested-By":
            user = value.rpartition(" (")[0] or value.strip()
        elif field == "End-Date" and start is not None and user:
            end = clock.iso(value.strip().replace("  ", " "))
            yield start, end if end is not None else start, user[:64]
