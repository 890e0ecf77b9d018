"""What the pages show: this machine and those in files, each as it was seen and as the baseline judges it.

A sight is made whole and then shown; nothing in it changes. What could not be seen is in it as a trouble, with what
to do, and never as an empty list.
"""

from __future__ import annotations

from hb_engine.app.ruling.baseline import Loaded
from hb_engine.model.answer import Scan
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import record
from hb_engine.model.report import Report


@record
class Trouble:
    """Something that could not be seen or read: what it is about (machine, baseline, history, file), and what to do.

    A hint is no fault: something that nobody has begun yet, or that is good to know.
    """

    about: str
    message: str
    remedy: str = ""
    hint: bool = False


NO_BASELINE = Trouble(
    "baseline",
    "there is no baseline: nobody has said what should be open",
    "Begin with hb learn --now; it writes down what is open, and hb review goes through it.",
    hint=True,
)


@record
class Machine:
    """One machine: its openings with verdicts, and how they stand to the baseline (None where there is none)."""

    name: str
    seen: Inventory
    report: Report | None = None
    source: str = ""  # the file that told it; empty for the machine that hb serve runs on
    outside: tuple[Scan, ...] = ()  # scans that asked one of its addresses, with no other host
    remembered: bool = False  # nobody looks at it from here: this is the last look that history has of it


@record
class Sight:
    """All machines at one time. `number` grows with each sight that differs from the one before."""

    number: int
    taken_at: float
    machines: tuple[Machine, ...] = ()  # this one first
    troubles: tuple[Trouble, ...] = ()
    baseline: Loaded | None = None

    @property
    def misruled(self) -> bool:
        """Whether there are rules that cannot be used: that is not the same as having none."""
        if self.baseline is not None:
            return False
        return any(one.about == NO_BASELINE.about and one != NO_BASELINE for one in self.troubles)


@record
class Fresh:
    """The machines were looked at again, and all is as that sight shows it: only the time is another."""

    number: int
    taken_at: float


NOTHING = Sight(0, 0.0, (), (Trouble("machine", "nobody has looked yet", "The first look is under way.", hint=True),))
