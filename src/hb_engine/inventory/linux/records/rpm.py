"""Packages that were installed, upgraded or removed on machines of rpm: dnf's log, and yum's of before.

    2026-11-25T20:41:22+0000 SUBDEBUG Installed: nginx-2:1.24.0-4.el9.x86_64
    Nov 25 20:41:22 Updated: nginx-1.20.1-10.el7.x86_64

Where neither is kept (rpm alone, transactional systems) the database's own index of install times tells what was
installed, and when, but not what was there before. Sources: dnf's dnf/rpm/transaction.py, yum.conf(5), rpm's
docs/manual/ (Installtid is the time in seconds of an installation).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.logs import Clock, lines, written
from hb_engine.inventory.linux.records import Record
from hb_engine.model.errors import Truncated
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.records import Told

DNF, YUM = "var/log/dnf.rpm.log", "var/log/yum.log"
DATABASES = ("usr/lib/sysimage/rpm/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite")
RECORD = Record("package rpm", (f"/{DNF}", f"/{YUM}", *[f"/{one}" for one in DATABASES]))
DONE = {
    "Installed": "installed",
    "Upgrade": "upgraded to",
    "Updated": "upgraded to",
    "Upgraded": "",  # dnf's word for what was there before
    "Downgrade": "downgraded to",
    "Reinstall": "installed again",
    "Erase": "removed",
    "Erased": "removed",
}
MOST = 2000  # packages of one question to the database
_NEW = "SELECT p.blob FROM Installtid i JOIN Packages p ON p.hnum = i.hnum WHERE i.key >= ? LIMIT ?"


def events(root: str, since: float) -> Told:
    """Changes of packages since a time, and what could not be read."""
    clock = Clock(root)
    found: list[Event] = []
    gaps: list[Gap] = []
    for log in (DNF, YUM):
        told, more = lines(root, log, since)
        end = written(root, log)
        gaps += more
        found += [one for line in told if (one := _event(line, log, clock, end)) and one.at >= since]
    if not any(os.path.exists(os.path.join(root, log)) for log in (DNF, YUM)):
        database = next((path for path in DATABASES if os.path.exists(os.path.join(root, path))), "")
        if database:
            return _by_database(root, database, since)
    return tuple(found), tuple(gaps)


def _event(line: str, log: str, clock: Clock, end: float) -> Event | None:
    words = line.split()
    at = clock.iso(words[0]) if words and log == DNF else None
    if log == YUM and len(words) > 4:
        at = clock.yearless(words[0], words[1], words[2], end)
    place = next((number for number, word in enumerate(words) if word.endswith(":") and word[:-1] in DONE), None)
    if at is None or place is None or place + 1 >= len(words):
        return None
    name, version = _split(words[place + 1])
    said = DONE[words[place][:-1]]
    if not said or not name:
        return None
    text = f"{name} {said}" + ("" if said == "removed" else f" {version}")
    return Event(at, "package", text, f"/{log}", name)


def _split(label: str) -> tuple[str, str]:
    """nginx-2:1.24.0-4.el9.x86_64 as its name and its version with release."""
    rest, _, release = label.rpartition("-")
    name, _, version = rest.rpartition("-")
    return name, f"{version}-{release.rpartition('.')[0] or release}"


def _by_database(root: str, database: str, since: float) -> Told:
    import sqlite3  # only on machines of rpm that keep no log

    from hb_engine.wire.rpm_header import Header

    path = os.path.join(root, database)
    found = []
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as asked:
            rows = asked.execute(_NEW, (int(since), MOST)).fetchall()
        asked.close()
        for (blob,) in rows:
            header = Header(bytes(blob))
            at = float((*header.numbers(INSTALL_TIME), 0)[0])
            if at >= since:
                text = f"{header.name} installed {header.version}"
                found.append(Event(at, "package", text, f"/{database}", header.name))
    except (sqlite3.Error, Truncated, TypeError) as error:
        gap = Gap(
            "which packages changed lately", f"/{database} could not be read: {error}", "ask rpm -qa --last", "facts"
        )
        return tuple(found), (gap,)
    return tuple(found), ()


INSTALL_TIME = 1008  # RPMTAG_INSTALLTIME
