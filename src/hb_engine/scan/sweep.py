"""Ask all cells, then the silent ones again, until another round would find nothing: the same for every engine.

How often silence is asked again follows from what was measured: of the answers that came only on a second asking
follows how many get lost, and from that the chance that an open port was silent every time. A host whose closed ports
answer slowly but fully is one that limits its refusals: its open ports are known, and of the others it is said that
they are closed or filtered, not one of the two. The line (packets, connections, or a test's network) does the sending.
"""

from __future__ import annotations

from hb_engine.model.errors import CannotLook
from hb_engine.model.record import record, replace
from hb_engine.scan.board import LIMITED, MARKS, SILENT
from hb_engine.scan.order import again
from hb_engine.scan.pace import TRIALS
from hb_engine.scan.trials import Trials

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
TELLING = 40  # answers, below which they tell nothing of loss
SUPPOSED = 0.5, 10.0  # answers that were lost, and that there were, before anything was seen: about one in twenty
SLOW, LONG, LOOKS = 2_000.0, 3.0, 2  # packets a second and seconds to go that make a limit likely; looks for one
WORTH = 8.0  # seconds that may be spent on telling closed from filtered where refusals are limited
EXACT = 1.0  # seconds of asking, after which a number of refusals a second is worth telling
STUCK = 5.0  # seconds in which the line took nothing, after which it will not
SLOWER = 0.8  # times the rate at which a host's refusals came
BATCH = 8192


@record
class Told:
    """What a sweep cost, and found out about the way.

    `limited` are hosts that limit refusals: so many a second, 0 where it was not measured.
    """

    sent: int
    rounds: int
    loss: float | None
    limited: tuple[tuple[int, int], ...] = ()
    stopped: bool = False
    answered: int = 0
    again: int = 0  # of those sent, questions that had been asked before
    dropped: int = 0  # answers for which the line had no room
    gone: tuple[int, ...] = ()  # hosts that answered, and then nothing any more
    broken: str = ""  # why it ended early: the device went away


def with_greeting(told: list[Told], sent: int, answered: int) -> list[Told]:
    """What sweeps cost, with the greeting before them: its questions, and all answers that there were."""
    if not told:
        return [Told(sent, 0, None, answered=answered)] if sent else []
    rest = sum(one.answered for one in told[1:])
    return [replace(told[0], sent=told[0].sent + sent, answered=answered - rest), *told[1:]]


class Sweep:
    """One sweep over a board. `watch(settled, total)` is told of progress; `stop()` says whether to give up.

    Silence is asked `most` times at most, and `least` times even where nothing more is to be expected.
    """

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
        least: int = FEWEST,
    ) -> None:
        self._least = least
        self._board, self._line, self._pace, self._clock = board, line, pace, clock
        self._watch, self._stop, self._most = watch, stop, most
        self.sent, self._before = 0, board.settled
        self._answers: list[int] = []  # new ones, by round
        self._openings: list[int] = []
        self._limited: dict[int, float] = {}  # hosts that limit refusals, and about how many they give a second
        self._exact = False  # whether that was measured over a while
        self._trials = Trials(board, line, pace, clock, stop)
        self._looks = 0
        self._unasked: list[int] = []

    def run(self, cells: list[int]) -> Told:
        """Ask these cells, as often as it is worth. Where the device goes away, what is known by then is kept."""
        board, broken = self._board, ""
        try:
            rounds = self._rounds(cells)
        except CannotLook as error:
            broken, rounds = error.message, len(self._answers)
            board.leave(cells)  # whether they were asked is not known any more
        left = board.silent(cells)
        stopped = bool(broken) or (bool(left) and self._stop())
        board.leave(self._unasked)
        for host in self._limited if board.transport == "tcp" and not stopped else ():
            board.settle(host, SILENT, LIMITED)
        repeated = max(0, self.sent - len(cells))
        limited = tuple((host, max(1, round(rate)) if self._exact else 0) for host, rate in self._limited.items())
        answered, gone, lost = self._heard, tuple(sorted(self._trials.gone)), self.loss()
        return Told(self.sent, rounds, lost, limited, stopped, answered, repeated, self._line.dropped, gone, broken)

    def _rounds(self, cells: list[int]) -> int:
        """Round after round, until another one would find nothing; how many they were."""
        board, left, rounds = self._board, cells, 0
        self._unasked = cells
        while left and rounds < self._most and not self._stop():
            told, opened, began = board.told(), board.opened, self._clock()
            asked = self._round(left, len(cells))
            rounds += 1
            self._unasked = left[asked:] if rounds == 1 else self._unasked
            self._answers.append(board.told() - told)
            self._openings.append(board.opened - opened)
            left = board.silent(left)
            if rounds == 1 and left:
                self._learn(self._clock() - began)
            least = max(self._least, FEWEST if len(left) > FEW else FEW_ROUNDS)
            if not left or (rounds >= least and self.risk() < RISK):
                break
            left = again(left, rounds)
            self._pace.again(self._clock(), self._lost_lately())
        self._tell_apart(left)
        return rounds

    @property
    def _heard(self) -> int:
        return self._board.settled - self._before

    def _learn(self, seconds: float) -> None:
        """What the first round tells of the hosts and the way, besides the answers."""
        self._look()
        self._exact = (
            seconds >= EXACT and len(self._board.hosts) == 1
        )  # among others, a host may not get enough to limit
        for host in self._trials.limited:
            self._limited[host] = len(self._board.refusals(host)) / max(seconds, 0.001)
        if self._board.transport == "tcp" and 0 < self._found[0] < TELLING and not self._stop():
            self._trials.measure_loss()
            self.sent += self._trials.sent
            self._trials.sent = 0

    def _look(self) -> None:
        self._trials.look()
        self.sent += self._trials.sent
        self._trials.sent = 0

    def loss(self) -> float | None:
        """The share of questions that got no answer though there was one to be had; None where nothing tells."""
        found, trials = self._found, self._trials
        first, later = sum(found[:-1]) if len(found) > 1 else sum(found), sum(found[1:])
        if first >= TELLING:
            return later / (first + later)
        return trials.lost / trials.asked if trials.asked else None

    def _lost_lately(self) -> float:
        """Of the round before the last one, as far as it is known by now."""
        now, later = self._found[-2:] if len(self._found) > 1 else (1, 0)
        return later / (now + later) if now + later >= TELLING // 4 else 0.0

    def risk(self) -> float:
        """How many open ports may be expected to have been silent in every round.

        A round's loss is known from what later rounds found; the last one's is taken to be that of the one before.
        """
        found, trials, (lost, there) = self._found, self._trials, SUPPOSED
        if not sum(found):
            return 0.0 if len(found) >= BLIND_ROUNDS else 1.0
        chance, share = 1.0, 1.0
        for number, now in enumerate(found):
            if number < max(1, len(found) - 1):
                later = sum(found[number + 1 :])
                share = min(share, (later + trials.lost + lost) / (now + later + trials.asked + there))
            chance *= share
        return max(1, self._board.opened) * chance

    @property
    def _found(self) -> list[int]:
        """New answers by round: of hosts that limit their refusals, only open ports tell what gets lost."""
        return self._openings if self._limited else self._answers

    def _round(self, cells: list[int], total: int) -> int:
        """Ask each of these once, at the pace, and wait for the last answers; how many were asked before a stop."""
        wanted = self._board.settled + len(cells)
        line, pace, clock, at, size = self._line, self._pace, self._clock, 0, len(cells)
        moved = clock()
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
            if number:
                moved = now
            elif now - moved > STUCK:
                raise CannotLook("nothing can be sent any more: the device takes no packets", "See ip -s link.")
            if number < allowed:
                pace.refused(now)
            line.hear(0.01 if number < allowed else 0)
            pace.judge(clock())
            self._watch(self._heard, total)
            if pace.cuts and pace.trusted and pace.rate < SLOW < size - at and (size - at) / pace.rate > LONG:
                self._look_again()
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

    def _look_again(self) -> None:
        """It has become slow: because of the way, or because refusals are limited? The latter is no reason."""
        if self._looks < LOOKS:
            self._looks += 1
            self._wait(lambda: False)  # what is under way would disturb
            self._look()

    def _tell_apart(self, left: list[int]) -> None:
        """Where refusals are limited, ask for them as slowly as they come, if that is over in WORTH seconds.

        Of UDP's silent ports, where a refusal is all that tells, the first ones are asked for as long as that lasts.
        """
        board, clock, udp = self._board, self._clock, self._board.transport == "udp"
        ends, speeds = clock() + WORTH, {host: max(0.5, rate) for host, rate in self._limited.items()}
        while speeds and not self._stop() and (seconds := ends - clock()) > 0:
            waiting: dict[int, list[int]] = {host: [] for host in speeds}
            for cell in board.silent(left):
                if cell >> 16 in waiting:
                    waiting[cell >> 16].append(cell)
            speeds = {
                host: speed
                for host, speed in speeds.items()
                if waiting[host] and (udp or len(waiting[host]) / speed <= seconds)
            }
            began, known = clock(), {host: board.answered(host) for host in speeds}
            self._slowly({host: waiting[host][: int(speeds[host] * seconds) + 1] for host in speeds}, speeds)
            came = {host: board.answered(host) - known[host] for host in speeds}
            speeds = {host: max(0.5, number / (clock() - began)) for host, number in came.items()}

    def _slowly(self, cells: dict[int, list[int]], rates: dict[int, float]) -> None:
        """Ask each host for its cells a little more slowly than it answers, all hosts at the same time."""
        due = [(number / rates[host] / SLOWER, cell) for host in cells for number, cell in enumerate(cells[host])]
        began, wanted = self._clock(), self._board.settled + len(due)
        for number, (at, cell) in enumerate(sorted(due)):
            while not self._stop() and (early := at - (self._clock() - began)) > 0:
                self._line.hear(min(0.02, early))
            if self._stop():
                return
            self.sent += self._line.ask([cell], number % (MARKS - TRIALS))
        self._wait(lambda: self._board.settled >= wanted)
