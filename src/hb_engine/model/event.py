"""What a machine's own records say that happened: packages, unit files, containers, logins. Causes come of these."""

from __future__ import annotations

from hb_engine.model.record import record

EVENTS = ("package", "unit", "config", "container", "login", "cron", "boot", "start")


@record
class Event:
    """One entry. `subject` is what it was about, as it stands in openings: a package, unit, path, container or user."""

    at: float  # seconds since the epoch
    kind: str  # one of EVENTS
    text: str  # a phrase: nginx upgraded 1.22.1-9 -> 1.22.1-10; /etc/redis/redis.conf changed
    source: str  # the file that says so
    subject: str = ""
    user: str = ""
