"""How fast to ask: faster for as long as faster loses nothing, measured and not guessed.

Cells come in an order whose every stretch is a fair sample (order.py), so each stretch should get the same share of
answers. A stretch that was sent faster and got clearly fewer was too fast: the rate is halved, and grows more carefully
from then on. Where nothing answers, nothing can be measured, and the rate stays below a blind one. It keeps no clock
and sends nothing: the sweep tells it the time, what was sent, and what was heard.
"""

from __future__ import annotations

from math import sqrt

from hb_engine.model.record import record
from hb_engine.scan.board import MARKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

START, BLIND, FLOOR = 20_000.0, 10_000.0, 200.0  # packets a second
NEAR = 50_000.0  # as BLIND, for hosts on the same link
FASTEST = 2_000_000.0
LONGEST = 1.0  # seconds that an answer may take
STRETCH = 0.004  # seconds that a stretch lasts at least
LEAST = 64  # packets in a stretch at least: fewer tell nothing
MARGIN = 0.04  # of all answers: what is less may be chance
DOUBTS = 4  # times in a row that slowing down may change nothing, before the lower share is believed
SPARSE = 0.02  # of all questions: with fewer answers nothing can be measured
TRIALS = 4  # marks that are kept for questions which are asked again on purpose
USED = MARKS - TRIALS - 2  # stretches that wait for answers at most


@record
class Limits:
    """What a person allows: packets a second at the start, at most, and while nothing answers."""

    start: float = START
    most: float = FASTEST
    blind: float = BLIND


GENTLE = Limits(start=200.0, most=1_000.0, blind=500.0)


class Stretch:
    """Some packets that were sent at one rate; `mark` is carried by their source port, and so by their answers."""

    __slots__ = ("asked", "began", "ended", "heard_before", "mark", "rate")

    def __init__(self, mark: int, rate: float, now: float, heard_before: int) -> None:
        self.mark, self.rate, self.began, self.ended = mark, rate, now, 0.0
        self.asked, self.heard_before = 0, heard_before


class Pace:
    """The pace of one path. `rtt` is its round trip in seconds, None where nothing has answered yet.

    `patience` is how long the last answers are waited for; a stretch is judged when an answer that is not lost should
    be there, long before.
    """

    def __init__(self, limits: Limits, now: float, rtt: float | None, heard: Sequence[int]) -> None:
        self._limits, self._heard = limits, heard
        self.patience = LONGEST if rtt is None else min(LONGEST, 0.05 + 4 * rtt)
        self._prompt = self.patience if rtt is None else min(LONGEST, 0.01 + 1.5 * rtt)
        self.rate = min(limits.start, limits.most)
        self.usual: float | None = None  # share of answers, where it is known
        self.cuts = 0
        self.trusted = True  # False: refusals are limited, and their share means nothing
        self._doubts, self._growth, self._hold = 0, 2.0, now
        self._tokens, self._last = 16.0, now
        self._open: list[Stretch] = []
        self._stretch = Stretch(0, self.rate, now, heard[0])

    @property
    def mark(self) -> int:
        """The mark of what is sent now."""
        return self._stretch.mark

    def allowed(self, now: float) -> int:
        """How many packets may be sent now."""
        self.rate = min(self.rate, self._ceiling())
        self._tokens = min(self._tokens + (now - self._last) * self.rate, max(16.0, self.rate * STRETCH))
        self._last = now
        return int(self._tokens)

    def wait(self) -> float:
        """Seconds until the next few packets may be sent."""
        return max(0.0005, min(8.0, self.rate * STRETCH) / self.rate)

    def sent(self, number: int, now: float) -> None:
        """Some packets went out."""
        self._tokens -= number
        self._stretch.asked += number
        if self._stretch.asked >= LEAST and now - self._stretch.began >= STRETCH:
            self._next(now)

    def refused(self, now: float) -> None:
        """The kernel or the device had no room."""
        self._cut(now, self.rate)

    def judge(self, now: float) -> None:
        """Weigh the stretches of which the answers are in."""
        stretches, self._open, waiting = self._open, [], []
        for stretch in stretches:
            share = (self._heard[stretch.mark] - stretch.heard_before) / stretch.asked
            if share >= (1.0 if self.usual is None else self._expected(stretch)):
                self._grow(stretch, share, now)  # no need to wait for stragglers
            elif now - stretch.ended >= self._prompt:
                self._weigh(stretch, share, now)
            else:
                waiting.append(stretch)
        self._open = (waiting + self._open)[-USED:]  # older ones would share their mark with the next

    def _weigh(self, stretch: Stretch, share: float, now: float) -> None:
        if self.usual is None or not self.trusted or share >= self._expected(stretch):
            self._grow(stretch, share, now)
        elif stretch.began >= self._hold:
            self._doubts += 1
            if self._doubts > DOUBTS:  # slower was no better: this is how it is
                self.usual, self._doubts = share, 0
            else:
                self._cut(now, stretch.rate)

    def _expected(self, stretch: Stretch) -> float:
        """The least share that is no sign of loss."""
        usual = min(self.usual or 0.0, 1.0)
        return usual - max(MARGIN * usual, 3 * sqrt(usual * (1 - usual) / stretch.asked), 2 / stretch.asked)

    def _grow(self, stretch: Stretch, share: float, now: float) -> None:
        share = min(share, 1.0)
        self.usual = share if self.usual is None else self.usual + (share - self.usual) / 8
        self._doubts = 0
        if stretch.rate >= self.rate * 0.9 and now >= self._hold:
            self.rate = min(self.rate * self._growth, self._ceiling())
            self._again(now)

    def _cut(self, now: float, rate: float) -> None:
        self.rate = max(FLOOR, min(self.rate, rate) / 2)
        self.cuts += 1
        self._growth = 1.15
        self._hold = now + self._prompt  # what is under way was sent too fast as well
        self._tokens = 0.0
        self._again(now)

    def _ceiling(self) -> float:
        """Where next to nothing answers, loss cannot be measured."""
        blind = self.usual is not None and self.usual < SPARSE
        return min(self._limits.blind, self._limits.most) if blind else self._limits.most

    def _again(self, now: float) -> None:
        """Begin a stretch at the new rate; one that is hardly begun goes on at it."""
        if self._stretch.asked >= LEAST:
            self._next(now)
        else:
            self._stretch.rate = self.rate

    def _next(self, now: float) -> None:
        self._stretch.ended = now
        self._open.append(self._stretch)
        mark = (self._stretch.mark + 1) % (MARKS - TRIALS)
        self._stretch = Stretch(mark, self.rate, now, self._heard[mark])
