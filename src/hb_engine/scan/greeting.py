"""The first few questions to each host: who is there, and how long does an answer take?

Both engines begin with it. It is asked in turns, a port of every host and then the next, no faster than a person
allows; each host's time is counted from its own first question. It decides nothing about hosts that stay silent.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.scan.board import Board
    from hb_engine.scan.sweep import Line

STUCK = 2.0  # seconds in which the line took nothing, after which no more is asked here
AT_ONCE = 16  # questions that go out together at least


class Greeting:
    """Greets hosts over a line. `rate` is how many questions go out a second; `times` are seconds to first answers."""

    def __init__(
        self, board: Board, line: Line, rate: float, clock: Callable[[], float], stop: Callable[[], bool]
    ) -> None:
        self._board, self._line, self._rate, self._clock, self._stop = board, line, rate, clock, stop
        self.times: dict[int, float] = {}
        self.sent = 0

    def greet(self, picks: dict[int, list[int]], wait: float, enough: Callable[[list[int]], bool]) -> None:
        """Ask each host for its ports, and wait till all have answered, for so many seconds at most.

        `enough(hosts)` may end the waiting for hosts that are silent; it is asked once something has answered, and as
        long again has passed as the slowest answer took.
        """
        known = {host: self._board.answered(host) for host in picks}
        longest = max(map(len, picks.values()), default=0)
        cells = [host << 16 | ports[n] for n in range(longest) for host, ports in picks.items() if n < len(ports)]
        waiting, asked = [host for host, ports in picks.items() if ports], dict[int, float]()
        began, at = self._clock(), 0
        moved = began
        while at < len(cells) and self._clock() - moved < STUCK and not self._stop():
            ready = min(len(cells), int((self._clock() - began) * self._rate) + AT_ONCE)
            now = self._clock()
            number = self._line.ask(cells[at:ready], 0) if ready > at else 0
            for cell in cells[at : at + number]:
                asked.setdefault(cell >> 16, now)
            at += number
            moved = now if number or ready <= at else moved
            self.sent += number
            self._line.hear(0.0 if number else min(0.01, AT_ONCE / self._rate))
            waiting = self._still(waiting, known, asked)
        ends = self._clock() + wait
        while waiting and self._clock() < ends and not self._stop():
            self._line.hear(0.01)
            waiting = self._still(waiting, known, asked)
            if self.times and self._clock() - (ends - wait) > 0.03 + 6 * max(self.times.values()) and enough(waiting):
                break

    def _still(self, waiting: list[int], known: dict[int, int], asked: dict[int, float]) -> list[int]:
        """Those of some hosts that have not answered yet; of the others the time is noted."""
        now = self._clock()
        for host in waiting:
            if host in asked and self._board.answered(host) > known[host]:
                self.times.setdefault(host, now - asked[host])
        return [host for host in waiting if host not in self.times]
