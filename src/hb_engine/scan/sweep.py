"""Ask all cells, then the silent ones again, until another round would find nothing: the same for every engine.

How often silence is asked again follows from what was measured: of the answers that came only on a second asking
follows how many get lost, and from that the chance that an open port was silent every time. A host whose closed ports
answer slowly but fully is one that limits its refusals: its open ports are known, and of the others it is said that
they are closed or filtered, not one of the two. The line (packets, connections, or a test's network) does the sending.
"""

from __future__ import annotations

from hb_engine.model.record import record
from hb_engine.scan.board import LIMITED, MARKS, SILENT
from hb_engine.scan.order import again
from hb_engine.scan.pace import TRIALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from hb_engine.scan.board import Board
    from hb_engine.scan.pace import Pace

    class Line(Protocol):
        """What asks and hears. `dropped` counts answers for which there was no room."""

        @property
        def dropped(self) -> int: ...

        def ask(self, cells: list[int], mark: int) -> int:
            """Send for the first of these cells; how many were sent: fewer where there was no room."""

        def hear(self, wait: float) -> None:
            """Note all answers that are there on the board, waiting for the first at most so many seconds."""

    Watch = Callable[[int, int], None]

RISK = 1e-4  # open ports that may have been missed in the whole sweep, below which no further round is worth it
FEWEST, MOST = 2, 10  # rounds
FEW, FEW_ROUNDS = 64, 4  # so few silent ports cost next to nothing, and may be those of a busy server
BLIND_ROUNDS = 3  # where nothing at all answered
TRIAL = 40  # answers that a host is asked for again, to see whether it limits them
WORTH = 8.0  # seconds that may be spent on telling closed from filtered where refusals are limited
REFUSALS, WELCOMES = MARKS - 1, MARKS - 2  # marks of such trials
BATCH = 2048


@record
class Told:
    """What a sweep cost, and found out about the way. `limited` are hosts that limit refusals: so many a second."""

    sent: int
    rounds: int
    loss: float | None
    limited: tuple[tuple[int, int], ...] = ()
    stopped: bool = False
    answered: int = 0
    again: int = 0  # of those sent, questions that had been asked before
    dropped: int = 0  # answers for which the line had no room


class Sweep:
    """One sweep over a board. `watch(settled, total)` is told of progress; `stop()` says whether to give up."""

    def __init__(
        self,
        board: Board,
        line: Line,
        pace: Pace,
        clock: Callable[[], float],
        *,
        watch: Watch = lambda *_: None,
        stop: Callable[[], bool] = lambda: False,
        most: int = MOST,
    ) -> None:
        self._board, self._line, self._pace, self._clock = board, line, pace, clock
        self._watch, self._stop, self._most = watch, stop, most
        self.sent, self._before = 0, board.settled
        self._answers: list[int] = []  # new ones, by round
        self._openings: list[int] = []
        self._limited: dict[int, int] = {}

    def run(self, cells: list[int]) -> Told:
        """Ask these cells, as often as it is worth."""
        board, left, rounds, unasked = self._board, cells, 0, cells
        while left and rounds < self._most and not self._stop():
            settled, opened, began = board.settled, board.opened, self._clock()
            asked = self._round(left, len(cells))
            rounds += 1
            unasked = left[asked:] if rounds == 1 else unasked
            self._answers.append(board.settled - settled)
            self._openings.append(board.opened - opened)
            left = board.silent(left)
            if rounds == 1 and left:
                self._look_for_limits(self._clock() - began)
            if not left or (rounds >= (FEWEST if len(left) > FEW else FEW_ROUNDS) and self.risk(rounds) < RISK):
                break
            left = again(left, rounds)
        left = self._tell_apart(left)
        stopped = bool(left) and self._stop()
        board.leave(unasked)
        for host in self._limited if board.transport == "tcp" and not stopped else ():
            board.settle(host, SILENT, LIMITED)
        repeated, limited = max(0, self.sent - len(cells)), tuple(self._limited.items())
        return Told(
            self.sent, rounds, self.loss(), limited, stopped, board.settled - self._before, repeated, self._line.dropped
        )

    def loss(self) -> float | None:
        """The share of questions that got no answer though there was one to be had; None where nothing tells."""
        first, later = self._found()
        return later / (first + later) if first >= TRIAL else None

    def risk(self, rounds: int) -> float:
        """How many open ports may be expected to have been silent in every round."""
        first, later = self._found()
        if not first:
            return 0.0 if rounds >= BLIND_ROUNDS else 1.0
        share = min(0.9, (later + 3) / (first + 3))
        return float(max(1, self._board.opened) * share**rounds)

    def _found(self) -> tuple[int, int]:
        """Answers that had another round after them, and answers that had one before: their ratio is the loss."""
        found = self._openings if self._limited else self._answers
        return sum(found[:-1]) if len(found) > 1 else sum(found), sum(found[1:])

    def _round(self, cells: list[int], total: int) -> int:
        """Ask each of these once, at the pace, and wait for the last answers; how many were asked before a stop."""
        wanted = self._board.settled + len(cells)
        line, pace, clock, at, size = self._line, self._pace, self._clock, 0, len(cells)
        while at < size and not self._stop():
            allowed = min(pace.allowed(clock()), BATCH, size - at)
            if allowed < min(8, size - at):
                line.hear(pace.wait())
                pace.judge(clock())
                continue
            number = line.ask(cells[at : at + allowed], pace.mark)
            now = clock()
            pace.sent(number, now)
            at += number
            self.sent += number
            if number < allowed:
                pace.refused(now)
            line.hear(0.01 if number < allowed else 0)
            pace.judge(clock())
            self._watch(self._board.settled - self._before, total)
        self._wait(lambda: self._board.settled >= wanted)
        return at

    def _wait(self, done: Callable[[], bool]) -> None:
        """Wait for stragglers: until it is done, or nothing was heard for as long as an answer may take."""
        began = self._clock()
        while not done() and not self._stop():
            quiet = self._clock() - max(began, self._board.last_heard)
            if quiet >= self._pace.patience:
                break
            self._line.hear(min(0.02, self._pace.patience - quiet))
        self._pace.judge(self._clock())

    def _look_for_limits(self, seconds: float) -> None:
        """Ask hosts again for refusals that they gave already, all at once: who limits them gives few."""
        for host in range(len(self._board.hosts)):
            closed = self._board.refusals(host, TRIAL)
            quiet = self._board.count(host, SILENT)
            least = TRIAL // 2 if self._board.transport == "tcp" else 3
            if len(closed) < least or quiet < len(self._board.ports) // 20 or self._stop():
                continue
            welcomes = [cell for cell in self._board.shapes if cell >> 16 == host][:TRIAL]
            refused, welcomed = self._trial(closed, REFUSALS), self._trial(welcomes, WELCOMES)
            if refused < 0.6 * min(welcomed, 1.0):
                rate = len(self._board.refusals(host)) / max(seconds, 0.001)
                self._limited[host] = max(1, round(rate))
                self._pace.trusted = False

    def _trial(self, cells: list[int], mark: int) -> float:
        """The share of some known answers that come again; 1 for none."""
        before, asked = self._board.heard[mark], 0
        while asked < len(cells) and not self._stop():
            number = self._line.ask(cells[asked:], mark)
            asked += number
            if not number:
                self._line.hear(0.01)
        self.sent += asked
        ends = self._clock() + self._pace.patience
        while self._clock() < ends and self._board.heard[mark] - before < asked:
            self._line.hear(0.01)
        return (self._board.heard[mark] - before) / asked if asked else 1.0

    def _tell_apart(self, left: list[int]) -> list[int]:
        """Where refusals are limited, ask for them as slowly as they come, if that is over in WORTH seconds.

        Of UDP's silent ports, where a refusal is all that tells, the first ones are asked for as long as that lasts.
        """
        udp = self._board.transport == "udp"
        for host, rate in list(self._limited.items()):
            began, known, speed = self._clock(), self._board.settled, float(rate)
            cells = [cell for cell in left if cell >> 16 == host]
            while cells and not self._stop() and (left_over := began + WORTH - self._clock()) > 0:
                if not udp and len(cells) / speed > left_over:
                    break
                self._slowly(cells[: max(1, int(speed * left_over))], speed * 0.8)
                speed = max(0.5, (self._board.settled - known) / (self._clock() - began))
                cells = self._board.silent(cells)
            self._limited[host] = max(1, round(min(speed, rate)))
        return self._board.silent(left)

    def _slowly(self, cells: list[int], rate: float) -> None:
        began, wanted = self._clock(), self._board.settled + len(cells)
        for number, cell in enumerate(cells):
            while not self._stop() and (early := number / rate - (self._clock() - began)) > 0:
                self._line.hear(min(0.02, early))
            if self._stop():
                return
            self.sent += self._line.ask([cell], number % (MARKS - TRIALS))
        self._wait(lambda: self._board.settled >= wanted)
