"""What happened on this machine lately, by its own records: packages, units, configuration, containers, logins.

Asked only where there is something to explain: it reads logs, which a quick look must not. Without records (another
system) there are no events, and a gap that says so.
"""

from __future__ import annotations

import sys

from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.event import Event

MOST = 20_000  # events; a machine with more in the time that is asked for has a log that explains nothing
NOWHERE = Gap(
    "what happened on this machine lately",
    "hb reads the records of Linux only: packages, units, containers, logins",
    "look in the system's own log",
)


def events(since: float, now: float, root: str = "/") -> tuple[tuple[Event, ...], tuple[Gap, ...]]:
    """The events from `since` to `now` (seconds since the epoch), the oldest first, and what could not be read."""
    if not sys.platform.startswith("linux"):
        return (), (NOWHERE,)
    from hb_engine.inventory.linux import records  # Linux only

    found: dict[Event, None] = {}
    gaps: dict[Gap, None] = {}
    for _, tell in records.load():
        told, missing = tell(root, since)
        found.update(dict.fromkeys([event for event in told if since <= event.at <= now]))
        gaps.update(dict.fromkeys(missing))
    ordered = sorted(found, key=lambda event: (event.at, event.kind, event.subject, event.text))
    if len(ordered) > MOST:
        what = f"{len(ordered) - MOST} older events"
        gaps[Gap(what, f"hb keeps the last {MOST}", "ask for a shorter time")] = None
    return tuple(ordered[-MOST:]), tuple(gaps)
