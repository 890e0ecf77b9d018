"""Pages over a desk that needs no process: what a form sends is decided in a folder of the test, and shown."""

from __future__ import annotations

import functools
import time

from tests.app.hub.deciding_kit import Desk
from tests.faces.web import kit

from hb_engine.app.hub.questions import names
from hb_engine.app.hub.sight import Machine, Sight, Trouble
from hb_engine.app.ruling.baseline import load
from hb_engine.app.ruling.check import decider, lasting
from hb_engine.judge.drift import report
from hb_engine.model.errors import BadInput
from hb_engine.model.record import replace

ASKED: list[Desk] = []  # the desk that answers: the site is made once, for that takes longer than most tests


@functools.cache
def site():
    """Pages whose questions the desk of the running test answers."""

    def answer(name):
        return lambda **words: ASKED[0].ask(name, **words)

    made = kit.site(Sight(0, 0.0), {name: answer(name) for name in names()})
    made.hub.clock = time.time
    return made


class Served(Desk):
    """A desk with its site: .site to ask, .look() to show what is there now."""

    def __init__(self, folder, monkeypatch) -> None:
        super().__init__(folder, monkeypatch)
        self.site = site()
        ASKED[:] = [self]
        self.fresh()

    def fresh(self):
        """The machine was seen just now."""
        self.seen = replace(self.seen, taken_at=time.time())

    def look(self):
        """Show what is there now, by the rules as they are now."""
        self.number = self.site.hub.sight.number + 1
        try:
            loaded = load("")
        except BadInput as error:
            trouble = Trouble("baseline", error.message, error.remedy)
            made = Sight(self.number, time.time(), (Machine(self.seen.host.name, self.seen),), (trouble,))
        else:
            told = report(
                self.seen, decider(loaded, self.seen), loaded.lock, defaults=loaded.baseline.defaults,
                lasting=lasting(), unsafe=loaded.unsafe, baseline=loaded.folder,
            )  # fmt: skip
            machine = Machine(self.seen.host.name, self.seen, told)
            made = Sight(self.number, time.time(), (machine,), (), loaded)
        self.site.hub.show(made)
        return made

    def client(self, session=kit.WRITER):
        """A browser that may write, or another session."""
        return kit.client(self.site, session)
