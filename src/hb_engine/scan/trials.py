"""Answers that are known already, asked for once more: what comes back tells how the host and the way behave.

A closed port whose refusal does not come again, while an open one still answers, is a host that limits its refusals:
firewalls by a bucket of tokens, BSD's kernels by so many in each second. A host that gives neither is gone. And where
few answers came at all, the known ones tell how many get lost. It asks nothing that was not answered before, and
bounded: no service is asked more than a few times.

Sources: nft(8), limit; FreeBSD icmp(4), net.inet.icmp.icmplim (200 a second); Linux, net.ipv4.icmp_ratelimit.
"""

from __future__ import annotations

from hb_engine.scan.board import MARKS, SILENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.scan.board import Board
    from hb_engine.scan.pace import Pace
    from hb_engine.scan.sweep import Line

LEAST = 3  # refusals that a host gave, below which nothing can be asked again
BURST = 40  # refusals that a host is asked for again at once: more than a bucket holds
LONG = 900  # and as a second trial: more than two seconds of any known kernel hold
LONG_RATE, LONG_SLOW = 5_000.0, 3_000.0  # of those, a second, at most; and at least, or all would come
LONG_LEAST = 100  # refusals that a host gave, below which a long trial tells nothing
LONG_MOST = 32  # hosts that get one
QUIET, SUSPICIOUS = 0.05, 0.2  # of a host's ports are silent: a trial is worth it; a long one
LIMITING = 0.6  # of the refusals come again, or fewer: limited
EACH, EACH_UDP = 8, 2  # times that an open port is asked again at most: of UDP, services themselves answer
IDLE = 100  # times in a row that the line takes nothing, after which a trial is given up
REFUSALS, WELCOMES = MARKS - 1, MARKS - 2  # marks of such trials


class Trials:
    """Trials over a board. `limited` are hosts that limit refusals, `gone` those that stopped answering."""

    def __init__(
        self, board: Board, line: Line, pace: Pace, clock: Callable[[], float], stop: Callable[[], bool]
    ) -> None:
        self._board, self._line, self._pace, self._clock, self._stop = board, line, pace, clock, stop
        self.limited: set[int] = set()
        self.gone: set[int] = set()
        self.sent = 0
        self.asked, self.lost = 0, 0  # known answers, to see how many get lost
        self._long = 0

    def look(self) -> None:
        """Which hosts with many silent ports limit their refusals; of one the pace means nothing any more."""
        for host in range(len(self._board.hosts)):
            if self._stop():
                return
            quiet = self._board.count(host, SILENT) / max(1, len(self._board.ports))
            closed = self._board.refusals(host, LONG)
            if host in self.limited or quiet < QUIET or len(closed) < LEAST:
                continue
            if self._limits(host, (closed * BURST)[:BURST], self._at_once()):
                self._found(host)
            elif quiet >= SUSPICIOUS and len(closed) >= LONG_LEAST and self._long < LONG_MOST:
                self._long += 1
                # Where no open port is known, which a slow way would lose as well, it may not be too fast for the way.
                least = LONG_SLOW if self._board.openings(host, 1) else 0.0
                rate = min(LONG_RATE, self._pace.most, max(least, self._pace.rate))
                if self._limits(host, (closed * LONG)[:LONG], rate):
                    self._found(host)

    def _at_once(self) -> float | None:
        """Bursts are for those who allow them."""
        return None if self._pace.most >= LONG_RATE else self._pace.most

    def _found(self, host: int) -> None:
        self.limited.add(host)
        self._pace.distrust(self._clock())

    def _limits(self, host: int, closed: list[int], rate: float | None) -> bool:
        opened = self._board.openings(host)
        each = EACH if self._board.transport == "tcp" else EACH_UDP
        refused, welcomed = self._trial(closed, (opened * each)[:BURST], rate)
        if refused >= LIMITING or self._stop():
            self.gone.discard(host)
            return False
        if not refused and (not welcomed or not opened):
            self.gone.add(host)  # not limited but dead, or cut off: then neither comes
            self._pace.relearn(self._clock())
            return False
        self.gone.discard(host)
        return refused < LIMITING * min(welcomed, 1.0)

    def measure_loss(self) -> None:
        """Where few answers came, ask for them again: how many get lost decides how often silence is asked."""
        known: list[int] = []
        for host in range(len(self._board.hosts)):
            known += self._board.openings(host)
            known += [] if host in self.limited else self._board.refusals(host, BURST)
        known = (known * EACH)[:BURST]
        _, share = self._trial([], known, self._at_once())
        if self._stop():
            return
        self.asked, self.lost = len(known), round(len(known) * (1 - min(1.0, share)))

    def _trial(self, closed: list[int], opened: list[int], rate: float | None = None) -> tuple[float, float]:
        """The shares of known refusals and of known welcomes that come again; 1 for none.

        They are asked evenly mixed, since the way treats them alike; all at once, or so many a second.
        """
        line, clock, heard, began = self._line, self._clock, self._board.heard, self._clock()
        before, at, total = heard[REFUSALS] + heard[WELCOMES], 0, len(closed) + len(opened)
        shares = heard[REFUSALS], heard[WELCOMES]
        mixed = [((n + 0.5) / len(group), mark, cell) for group, mark in ((closed, REFUSALS), (opened, WELCOMES))
                 for n, cell in enumerate(group)]  # fmt: skip
        mixed.sort()
        idle = 0
        while at < total and idle < IDLE and not self._stop():
            ready = total if rate is None else min(total, int((clock() - began) * rate) + 1)
            went = 0
            while at < ready and (went := line.ask([mixed[at][2]], mixed[at][1])):
                at += 1
            idle = 0 if went or at == ready else idle + 1
            line.hear(0.0 if went else 0.01 if rate is None else min(0.01, 8 / rate))
        self.sent += at
        if at < total:
            return 1.0, 1.0  # what was not asked to the end tells nothing
        ended = clock()
        while heard[REFUSALS] + heard[WELCOMES] - before < at and not self._stop():
            if clock() - max(ended, self._board.last_heard) >= self._pace.patience:
                break  # what waits in a queue on the way may take longer, but comes without a pause
            line.hear(0.01)
        parts = zip((closed, opened), shares, (REFUSALS, WELCOMES), strict=True)
        refused, welcomed = ((heard[mark] - first) / len(part) if part else 1.0 for part, first, mark in parts)
        return refused, welcomed
