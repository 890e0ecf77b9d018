"""What app.history answers, by hand: a machine whose redis was opened to everyone yesterday evening."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from tests.faces import kit
from tests.faces.kit import NOW

from hb_engine.app.remembering.history import Kept, Past, Story
from hb_engine.model.history import Change, KeyChange, Look, Moment, News, Span
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.record import replace
from hb_engine.store.sqlite.repair import Repaired

PATH = "/var/lib/hb-engine/history.db"
HOUR, DAY = 3600.0, 86400.0
BEFORE = replace(kit.REDIS, scope="loopback", addresses=("127.0.0.1",))
OLD_SSH = replace(
    kit.SSH, owners=(replace(kit.SSH.owners[0], package=replace(kit.SSH.owners[0].package, version="1:9.2p1-1")),)
)
OTHER = replace(kit.SSH, owners=(kit.service("dropbear", 99, "/usr/sbin/dropbear", "dropbear"),))
CHANGES = (
    Change(NOW - 120, "opened", kit.BACKDOOR, None, NOW - 420),
    Change(NOW - 20 * HOUR, "widened", kit.REDIS, BEFORE, NOW - 20 * HOUR - 300),
    Change(NOW - 2 * DAY, "closed", kit.WEBBOX, None, NOW - 2 * DAY - 300),
    Change(NOW - 3 * DAY, "facts", kit.SSH, OLD_SSH, NOW - 3 * DAY - 300),
    Change(NOW - 4 * DAY, "owner", kit.SSH, OTHER, NOW - 4 * DAY - 300),
    Change(NOW - 5 * DAY, "narrowed", BEFORE, kit.REDIS, NOW - 5 * DAY - 300),
)
SPANS = (
    Span("web-17", kit.REDIS, NOW - 20 * HOUR, NOW - 120, NOW - 20 * HOUR - 300, None),
    Span("web-17", BEFORE, NOW - 30 * DAY, NOW - 20 * HOUR - 300, None, NOW - 20 * HOUR),
    Span("web-17", kit.WEBBOX, NOW - 9 * DAY, NOW - 8 * DAY, None, None),
)
STORY = Story("web-17", PATH, (), (), NOW - 30 * DAY, NOW - 120)
KEPT = Kept(kit.LOOK, PATH, CHANGES[:2], NOW - 300)
REPAIRED = Repaired(PATH, f"{PATH}.damaged-2026-11-22", (("look", 812), ("span", 40)), f"{PATH} is damaged (a hole)")
LOOK = Look(7, "web-17", NOW - DAY, "6f1c", True, 3)
MOMENT = Moment(NOW - DAY + 60, LOOK, (kit.SSH, kit.HTTPS, BEFORE), NOW - DAY + 300)
SEEN = Inventory(Host("web-17", ""), LOOK.taken_at, Coverage(True), MOMENT.openings)
NEWS = News(
    NOW - 120,
    (
        KeyChange(NOW - 20 * HOUR, "widened", kit.REDIS.key, BEFORE.key),
        KeyChange(NOW - 2 * HOUR, "closed", kit.WEBBOX.key),
        KeyChange(NOW - HOUR, "owner", kit.SSH.key, OTHER.key),
        KeyChange(NOW - HOUR, "facts", kit.SSH.key, kit.SSH.key),
        KeyChange(NOW - HOUR, "opened", kit.CLIENT.key),
    ),
    frozenset([one.key for one in kit.LOOK.openings if one not in (kit.BACKDOOR, kit.CLIENT)]),
)


class History:
    """app.history as verbs import it; each function answers by hand, and remembers what it was asked."""

    def __init__(self, monkeypatch) -> None:
        self.asked: list[Any] = []
        self.answers: dict[str, Any] = {
            "take": lambda: KEPT,
            "repair": lambda: REPAIRED,
            "changes": lambda *_: replace(STORY, changes=CHANGES),
            "spans": lambda *_: replace(STORY, spans=SPANS),
            "new": lambda *_: replace(STORY, spans=SPANS[:1]),
            "at": lambda *_: Past(SEEN, MOMENT),
            "news": lambda *_: NEWS,
            "hint": lambda: False,
        }
        module = ModuleType("hb_engine.app.remembering.history")
        for name in self.answers:
            setattr(module, name, self._through(name))
        monkeypatch.setitem(sys.modules, "hb_engine.app.remembering.history", module)
        import hb_engine.app.remembering

        monkeypatch.setattr(hb_engine.app.remembering, "history", module, raising=False)

    def _through(self, name):
        def call(*words, **named):
            self.asked.append((name, words, named))
            return self.answers[name](*words, **named)

        return call
