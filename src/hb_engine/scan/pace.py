"""How fast to ask: faster for as long as faster loses nothing, measured and not guessed.

Cells come in an order whose every stretch is a fair sample (order.py), so each stretch should get the same share of
answers. A stretch that was sent faster and got clearly fewer was too fast: the rate falls to what came through, by half
at least, and grows more carefully from then on. Where nothing answers, nothing can be measured, and the rate stays
below a blind one. What is asked again is no fair sample any more: it goes at a rate that was proven before. It keeps no
clock and sends nothing: the sweep tells it the time, what was sent, and what was heard.
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
WAITING = 40  # stretches that fit into the time that an answer may take: each has a mark of its own till then
THROUGH = 0.8  # of what came through a stretch that was too fast
MUCH = 0.2  # of the answers of a round are lost, though it went at a rate that was thought to lose few
LOWEST = 0.05  # of its rate, however little came through
CAREFUL, CARELESS = 1.02, 1.15  # times as fast after each good stretch, where it was too fast often, or never lately
CONFIDENCE = 0.004  # more, after each good stretch
LATE = 0.1  # of a stretch's answers came after they should have: they wait in a queue on the way
LONGEST = 1.0  # seconds that an answer may take
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
    """Some packets that were sent at one rate; `mark` is carried by their source port, and so by their answers.

    `good`: enough of them were answered already.
    """

    __slots__ = ("asked", "began", "ended", "good", "heard_before", "mark", "rate")

    def __init__(self, mark: int, rate: float, now: float, heard_before: int) -> None:
        self.mark, self.rate, self.began, self.ended = mark, rate, now, 0.0
        self.asked, self.heard_before, self.good = 0, heard_before, False


class Pace:
    """The pace of one path. `rtt` is its round trip in seconds, None where nothing has answered yet.

    `patience` is how long the last answers are waited for; a stretch is judged when an answer that is not lost should
    be there, long before. Both grow where answers turn out to wait in a queue on the way.
    """

    def __init__(self, limits: Limits, now: float, rtt: float | None, heard: Sequence[int]) -> None:
        self._limits, self._heard = limits, heard
        self.rate = min(limits.start, limits.most)
        self.patience = LONGEST if rtt is None else min(LONGEST, 0.05 + 4 * rtt)
        self._prompt = self.patience if rtt is None else min(LONGEST, 0.01 + 1.5 * rtt)
        self.usual: float | None = None  # share of answers, where it is known
        self.cuts = 0
        self.trusted = True  # False: refusals are limited, and their share means nothing
        self._measures, self._slowed = True, False
        self._doubts, self._growth, self._hold = 0, 2.0, now
        self._tokens, self._last = 16.0, now
        self._open: list[Stretch] = []
        self._stretch = Stretch(0, self.rate, now, heard[0])
        self._cut_for: tuple[int, float] | None = None  # the mark of the last bad stretch, and what is late of it

    @property
    def most(self) -> float:
        """Packets a second that a person allows."""
        return self._limits.most

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
        lasts = max(STRETCH, self._prompt / WAITING)
        if self._stretch.asked >= LEAST and now - self._stretch.began >= lasts:
            self._next(now)

    def refused(self, now: float) -> None:
        """The kernel or the device had no room."""
        self._cut(now, self.rate / 2)

    def distrust(self, now: float) -> None:
        """Refusals are limited: what does not come was not lost, and slower would bring no more of the open ports."""
        self.trusted = False
        self.relearn(now)

    def relearn(self, now: float) -> None:
        """What was usual is so no more, for a reason that is not the way: begin again, at no more than a blind rate."""
        self.usual = None
        self.rate = max(self.rate, min(self._limits.start, self._limits.blind, self._limits.most))
        self._open, self._tokens, self._last = [], 0.0, now
        self._stretch = Stretch(self._stretch.mark, self.rate, now, self._heard[self._stretch.mark])

    def again(self, now: float, lost: float = 0.0) -> None:
        """From now on go what was silent: unmeasured, since its share is its own, at a rate that was proven.

        `lost` is the share of answers that the round before the last one is known to have lost.
        """
        if self._measures and self.cuts and self.trusted:
            self.rate = max(FLOOR, self.rate * THROUGH)
        elif not self._measures and lost > MUCH and not self._slowed:
            self.rate, self._slowed = max(FLOOR, self.rate * (1 - lost)), True
        else:
            self._slowed = False  # the round that is known now went at the rate before
        self._measures, self._open = False, []
        self._stretch.asked, self._tokens, self._last = 0, 16.0, now

    def judge(self, now: float) -> None:
        """Weigh the stretches of which the answers are in."""
        if self._cut_for and self._heard[self._cut_for[0]] >= self._cut_for[1]:
            self._prompt, self._cut_for = min(LONGEST, self._prompt * 2), None
            self.patience = min(LONGEST, max(self.patience, self._prompt + 0.05))
        stretches, self._open, waiting = self._open, [], []
        for stretch in stretches:
            share = (self._heard[stretch.mark] - stretch.heard_before) / stretch.asked
            if now - stretch.ended >= self._prompt:
                self._weigh(stretch, share, now)
                continue
            if not stretch.good and share >= (1.0 if self.usual is None else self._expected(stretch)):
                stretch.good = True  # no need to wait for stragglers
                self._grow(stretch, now)
            waiting.append(stretch)
        self._open = (waiting + self._open)[-USED:]  # older ones would share their mark with the next

    def _weigh(self, stretch: Stretch, share: float, now: float) -> None:
        """What a stretch comes to when all its answers should be in."""
        share = min(share, 1.0)
        usual = share if self.usual is None else self.usual
        if not self.trusted or stretch.good or self.usual is None or share >= self._expected(stretch):
            self.usual = usual + (share - usual) / 8
            if not stretch.good:
                self._grow(stretch, now)
        elif stretch.began >= self._hold:
            self._doubts += 1
            if self._doubts > DOUBTS:  # slower was no better: this is how it is
                self.usual, self._doubts = share, 0
            else:
                self._cut_for = stretch.mark, self._heard[stretch.mark] + LATE * stretch.asked
                self._cut(now, stretch.rate * max(LOWEST, min(0.5, THROUGH * share / usual)))

    def _expected(self, stretch: Stretch) -> float:
        """The least share that is no sign of loss."""
        usual = min(self.usual or 0.0, 1.0)
        return usual - max(MARGIN * usual, 3 * sqrt(usual * (1 - usual) / stretch.asked), 2 / stretch.asked)

    def _grow(self, stretch: Stretch, now: float) -> None:
        self._doubts = 0
        if stretch.rate >= self.rate * 0.9 and now >= self._hold:
            self.rate = min(self.rate * self._growth, self._ceiling())
            self._growth += CONFIDENCE if self._growth < CARELESS else 0.0
            self._anew(now)

    def _cut(self, now: float, rate: float) -> None:
        self.rate = max(FLOOR, min(self.rate, rate))
        self.cuts += 1
        self._growth = max(CAREFUL, min(CARELESS, (1 + self._growth) / 2))
        self._hold = now + self._prompt  # what is under way was sent too fast as well
        self._tokens = 0.0
        self._anew(now)

    def _ceiling(self) -> float:
        """Where next to nothing answers, or only as much as is allowed, loss cannot be measured."""
        blind = not self.trusted or (self._measures and self.usual is not None and self.usual < SPARSE)
        return min(self._limits.blind, self._limits.most) if blind else self._limits.most

    def _anew(self, now: float) -> None:
        """Begin a stretch at the new rate; one that is hardly begun goes on at it."""
        if self._stretch.asked >= LEAST:
            self._next(now)
        else:
            self._stretch.rate = self.rate

    def _next(self, now: float) -> None:
        self._stretch.ended = now
        if self._measures:
            self._open.append(self._stretch)
        mark = (self._stretch.mark + 1) % (MARKS - TRIALS)
        if self._cut_for and self._cut_for[0] == mark:
            self._cut_for = None
        self._stretch = Stretch(mark, self.rate, now, self._heard[mark])
