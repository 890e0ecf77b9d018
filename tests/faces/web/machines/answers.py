"""What the process with rights answers in tests of the pages about machines: a past, changes, a story."""

from __future__ import annotations

from typing import Any

from tests.faces.kit import BACKDOOR, DAY, DETAILS, HTTPS, LOOK, NOW, REDIS, SSH, heard, story

from hb_engine.app.hub import past
from hb_engine.app.hub.questions.changes import Changed, Changes
from hb_engine.app.hub.questions.machine_past import KeyPast, Past
from hb_engine.model.history import Change, Stay
from hb_engine.model.record import replace

DAYS = 90
EDGES = past.days(NOW, DAYS)
WIDE = Change(NOW - 190, "widened", REDIS, replace(REDIS, scope="loopback"), NOW - 500)
CAME = Change(NOW - 180, "opened", BACKDOOR, None, NOW - 480)
OLD = Change(NOW - 20 * DAY, "closed", HTTPS, HTTPS, NOW - 20 * DAY - 300)
BACK = Change(NOW - 18 * DAY, "opened", HTTPS, None, NOW - 18 * DAY - 300)


def key_past(opening, days, *spans, is_open=True):
    """A key's past, with a letter for each of the last days; days before are ones on which nobody looked."""
    stays = tuple([Stay(*span) for span in spans]) or (Stay(NOW - DAY, NOW),)
    return KeyPast(opening.key, opening.transport, opening.port, stays[0].first_seen, stays[-1].last_seen, is_open,
                   days.rjust(DAYS, "-"), stays)  # fmt: skip


PAST = Past(
    "web-17",
    EDGES,
    (0,) * 30 + (288,) * 40 + (0,) * 3 + (288,) * 17,
    (
        key_past(BACKDOOR, "c" * 16 + "o", (NOW - 180, NOW, NOW - 480)),
        key_past(SSH, "o" * 40 + "---" + "o" * 17, (NOW - 60 * DAY, NOW)),
        key_past(
            HTTPS,
            "o" * 40 + "---ccoooooooooooooooo"[:20],
            (NOW - 60 * DAY, NOW - 20 * DAY, None, NOW - 20 * DAY + 300),
            (NOW - 18 * DAY, NOW, NOW - 18 * DAY - 300),
        ),
        key_past(REDIS, "c" * 40 + "---" + "c" * 16 + "o", (NOW - 190, NOW, NOW - 490)),
    ),
    (CAME, WIDE, BACK, OLD),
    NOW - 60 * DAY,
    NOW,
)
ALL = (CAME, WIDE, BACK, OLD)


def changes(since=0.0, limit=100, host=""):
    """The changes after a time, of the one machine that is known."""
    found = tuple([Changed("web-17", one) for one in ALL if one.at > since])
    return Changes(since, found[:limit], len(found[limit:]), NOW - 60 * DAY, NOW)


def why(key="", speak=False, **_):
    """The story of whatever has this key."""
    openings = tuple([one for one in LOOK.openings if one.key == key])
    return heard(story(key, None, None, LOOK.coverage, openings, None, DETAILS), speak)


ANSWERS: dict[str, Any] = {"machine-past": lambda **_: PAST, "changes": changes, "why": why}
