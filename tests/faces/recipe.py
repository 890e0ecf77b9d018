"""What the faces see of app.scan: its own records, and functions whose answers a test replaces."""

from __future__ import annotations

from types import ModuleType

from tests.faces import scans

from hb_engine.app.scanning.scan import Done, Found, Progress, Request
from hb_engine.model.record import record


@record
class Planned:
    """What it will cost."""

    needs_consent: bool = False
    sentences: tuple[str, ...] = ("1,000 TCP ports of 256 hosts: 256,000 questions",)


class Recipe(ModuleType):
    """The module app.scanning.scan, whose scan is `seen` after the events in `events`; what was asked is in `asked`."""

    def __init__(self) -> None:
        super().__init__("hb_engine.app.scanning.scan")
        self.Request, self.Planned, self.Progress, self.Found, self.Done = Request, Planned, Progress, Found, Done
        self.asked: list[Request] = []
        self.made = Planned()
        self.seen = scans.ONE
        self.both = scans.BOTH
        self.files: list[str] = []
        self.events = [
            Progress("ports", 500, 1000, 3, 1.0, 2.0),
            *[Found(scans.HOST.address, a) for a in scans.HOST.answers],
        ]
        self.events += [Done(scans.HOST)]
        self.raises: BaseException | None = None

    def plan(self, request):
        """The plan of this test."""
        self.asked.append(request)
        return self.made

    def run(self, plan, watch):
        """Tell of the events, then end as this test wants it."""
        for event in self.events:
            watch(event)
        if self.raises:
            raise self.raises
        return self.seen

    def read(self, path):
        """The scan of this test."""
        self.files.append(path)
        return self.seen

    def compare(self, seen):
        """The two sides of this test."""
        return self.both
