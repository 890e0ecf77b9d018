"""Sights for tests of pages: quiet, with drift, of strangers' names, unprivileged, large, many, scanned, and none."""

from __future__ import annotations

import functools
from typing import Any

from tests.faces import judged
from tests.faces.kit import HOST, HOSTILE, LOOK, NOW, QUIET, ROOT, hostile_look, opening, service, unprivileged
from tests.faces.web import kit
from tests.faces.web.machines.test_outside import ANOTHER, IN_CLEAR, NOBODY, SAYS_SSH, SEEN, scan

from hb_engine.app.hub.sight import NOTHING, Machine, Sight, Trouble
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace


def large(count):
    """A look at a machine with so many openings."""
    openings = [
        opening(
            1024 + number % 60_000,
            service(f"svc{number % 97}", 1000 + number, f"/usr/sbin/svc{number % 97}", f"svc{number % 97}"),
            scope=("public", "loopback", "private", "link")[number * 7 % 4],
            transport=("tcp", "udp")[number % 3 % 2],
        )
        for number in range(count)
    ]
    return Inventory(HOST, NOW, ROOT, (*openings, *LOOK.openings))


def fleet(count):
    """Many machines: one in fifty with drift, a third not seen whole."""
    machines = []
    for number in range(count):
        bad, whole = number % 50 == 7, number % 3
        look = LOOK if bad else QUIET if whole else unprivileged(QUIET)
        report = judged.DRIFTED if bad else judged.QUIET if whole else judged.BLIND
        seen = replace(look, host=replace(HOST, name=f"host-{number:03d}"), taken_at=NOW - number * 3600)
        machines.append(Machine(f"host-{number:03d}.example", seen, report, f"host-{number}.json"))
    return tuple(machines)


DRIFT = Sight(1, NOW, (kit.MACHINE,))
CALM = Sight(1, NOW, (Machine("web-17", QUIET, judged.QUIET),))
UNRULED = Sight(1, NOW, (Machine("web-17", LOOK),))
BLIND = Sight(1, NOW, (Machine("web-17", unprivileged(), judged.BLIND),),
              (Trouble("history", "history.db is locked", "Try again."),))  # fmt: skip
EMPTY = Sight(1, NOW, (Machine("web-17", Inventory(HOST, NOW, ROOT, ())),))
HOSTILES = Sight(1, NOW, tuple([Machine(text, hostile_look(), judged.saying(text)) for text in HOSTILE]))
HOSTILE_ONE = Sight(1, NOW, HOSTILES.machines[2:3])
SCANNED = Sight(1, NOW, (Machine("web-17", SEEN, judged.DRIFTED, "", (scan(SAYS_SSH, IN_CLEAR, ANOTHER, NOBODY),)),))
SIGHTS = {
    "drift": DRIFT,
    "calm": CALM,
    "without rules": UNRULED,
    "not all seen": BLIND,
    "nothing open": EMPTY,
    "hostile": HOSTILE_ONE,
    "hostiles": HOSTILES,
    "scanned": SCANNED,
    "two": kit.SIGHT,
    "nobody looked": NOTHING,
}


class _One:
    """One site for all of these tests: it shows a sight after the other, since making a site reads every template."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {"nothing": None}
        self.site = kit.site(NOTHING, self.answers)
        self.number = 1000


@functools.cache
def _one() -> _One:
    return _One()


def shown(sight: Sight, path: str, answers: dict[str, Any] | None = None) -> Any:
    """A page over a sight, which gets a number of its own; questions are answered by `answers`."""
    one = _one()
    one.number += 1
    one.answers.clear()
    one.answers.update(answers or {})
    one.site.hub.show(replace(sight, number=one.number))
    with kit.client(one.site) as browser:
        return browser.get(path)
