"""Who logged in and who ran something as root: wtmp and its successors, and what sshd and sudo log.

A login explains nothing by itself; it tells who was there. Addresses and users are taken only where they look like
some: a client chooses the name that it tries, and may put anything there. Only what was accepted is told. The journal's
own files are not read; where nothing else keeps logins, that is a gap.

Sources: utmp(5); wtmpdb(8); lastlog2(8); sshd(8), sudo(8) and the lines that OpenSSH and sudo write.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import logins
from hb_engine.inventory.linux.logs import Clock, lines, written
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.records import Told

WTMP, DATABASE, LAST = "var/log/wtmp", "var/lib/wtmpdb/wtmp.db", "var/lib/lastlog/lastlog2.db"
LOGS = ("var/log/auth.log", "var/log/secure", "var/log/messages")  # Debian's, Red Hat's, Alpine's
JOURNALS = ("var/log/journal", "run/log/journal")
RECORD = Record("login", (f"/{WTMP}", f"/{DATABASE}", f"/{LAST}", *[f"/{log}" for log in LOGS]))
WINDOW = 4 << 20  # bytes of wtmp, from its end
COMMAND = 120  # characters
ACCEPTED = "Accepted "
_WTMPDB = "SELECT User, RemoteHost, Login FROM wtmp WHERE Type = 3 AND Login >= ? ORDER BY Login DESC LIMIT 5000"
_LASTLOG = "SELECT Name, RemoteHost, Time FROM Lastlog2 WHERE Time >= ? LIMIT 5000"


def events(root: str, since: float) -> Told:
    """Logins and uses of sudo since a time, and what could not be read."""
    found: dict[tuple[str, str, int], Event] = {}
    gaps: list[Gap] = []
    for event in (*_wtmp(root, gaps), *_databases(root, since, gaps)):
        if event.at >= since:
            found.setdefault((event.subject, event.text, int(event.at) // 60), event)
    for log in LOGS[: 2 if os.path.exists(os.path.join(root, LOGS[0])) else 3]:
        told, more = lines(root, log, since)
        gaps += more
        clock, end = Clock(root), written(root, log)
        for line in told:
            one = _logged(line, f"/{log}", clock, end)
            if one and one.at >= since:
                found.setdefault((one.subject, one.text, int(one.at) // 60), one)
    return tuple(found.values()), (*gaps, *_nowhere(root))


def _login(at: float, user: str, remote: str, source: str) -> Event | None:
    if not logins.is_user(user) or not 0 < at < 1e11:
        return None
    host = remote if logins.is_address(remote) or remote.replace(".", "").replace("-", "").isalnum() else ""
    return Event(at, "login", f"{user} logged in" + (f" from {host[:64]}" if host else ""), source, user, user)


def _wtmp(root: str, gaps: list[Gap]) -> list[Event]:
    try:
        data = logins.tail(os.path.join(root, WTMP), WINDOW)
    except FileNotFoundError:
        return []
    except OSError as error:
        gaps.append(Gap("earlier logins", f"/{WTMP} could not be read: {error.strerror}", "run hb as root", "facts"))
        return []
    rows = [one for one in logins.parse_utmp(data) if not one.ended and one.at is not None]
    told = [_login(one.at or 0.0, one.user, one.remote, f"/{WTMP}") for one in rows]
    return [one for one in told if one]


def _databases(root: str, since: float, gaps: list[Gap]) -> list[Event]:
    """wtmpdb's and lastlog2's tables, where there are any."""
    found: list[Event] = []
    for path, query, scale in ((DATABASE, _WTMPDB, 1_000_000), (LAST, _LASTLOG, 1)):
        full = os.path.join(root, path)
        if not os.path.exists(full):
            continue
        import sqlite3  # Debian 13 and later

        try:
            asked = sqlite3.connect(f"file:{full}?mode=ro&immutable=1", uri=True)
            try:
                rows = asked.execute(query, (int(since * scale),)).fetchall()
            finally:
                asked.close()
            told = [_login(float(at) / scale, str(user), str(host or ""), f"/{path}") for user, host, at in rows]
        except (sqlite3.Error, TypeError, ValueError, OverflowError) as error:
            gaps.append(Gap("earlier logins", f"/{path} could not be read: {error}", "run hb as root", "facts"))
            continue
        found += [one for one in told if one]
    return found


def _logged(line: str, source: str, clock: Clock, end: float) -> Event | None:
    """sshd's "Accepted publickey for deploy from 198.51.100.7 port 4711 ssh2", and what sudo ran."""
    if ACCEPTED not in line and "COMMAND=" not in line:
        return None
    words = line.split(" ")
    at = clock.iso(words[0]) if line[:1].isdigit() else None
    rest = words[1:]
    if at is None:
        old = line.split()
        at = clock.yearless(old[0], old[1], old[2], end) if len(old) > 4 else None
        rest = line.split()[3:]
    if at is None or len(rest) < 3:
        return None
    program = rest[1].partition("[")[0].rstrip(":")
    said = " ".join(rest[2:]).strip()
    if program in ("sshd", "sshd-session") and said.startswith(ACCEPTED):
        parts = said.split(" ")
        if len(parts) >= 6 and parts[2] == "for" and parts[4] == "from" and logins.is_address(parts[5]):
            return _login(at, parts[3], parts[5], source)
    if program == "sudo" and " ; COMMAND=" in said:
        user, command = said.partition(" : ")[0].strip(), said.partition(" ; COMMAND=")[2][:COMMAND]
        if logins.is_user(user) and "command not allowed" not in said and "incorrect password" not in said:
            return Event(at, "login", f"{user} ran sudo {command}", source, user, user)
    return None


def _nowhere(root: str) -> tuple[Gap, ...]:
    """A machine whose logins only the journal keeps."""
    if any(os.path.exists(os.path.join(root, path)) for path in (WTMP, DATABASE, *LOGS[:2])):
        return ()
    if not any(os.path.exists(os.path.join(root, path)) for path in JOURNALS):
        return ()
    why = "only the journal keeps them, and hb does not read its files"
    return (Gap("who logged in lately", why, "journalctl -t sshd -t sudo shows them", "facts"),)
