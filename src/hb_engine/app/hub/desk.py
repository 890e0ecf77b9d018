"""The desk: the process that has rights, and answers what the pages ask.

Quick questions are answered one after another, each within a time; what may take long (over the network) or writes is
answered by a child, so that it holds up nobody, and writing by one child at a time. Whoever asks is trusted with
nothing: a question is strict JSON (wires.py), its words must be those that its answer() takes, of their types, and one
that writes is refused here unless hb was started to write. After something was written, a look is asked for at once.
"""

from __future__ import annotations

import os
import sys
import time

from hb_engine.app.hub import questions, wires
from hb_engine.model.errors import BadInput, CannotLook, HbError, Truncated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hb_engine.app.hub.questions import Place, Question

QUICK, SLOW = 10.0, 60.0  # seconds that an answer may take, here and in a child
AT_ONCE, WAITING = 4, 64  # children; questions that wait for one
KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "float": (int, float),
    "tuple": (tuple,),
}


def run(place: Place, descriptor: int, nudge: int) -> None:
    """Answer what comes over a socket until its other side ends; a byte into `nudge` asks for a look."""
    desk = Desk(place, descriptor, nudge)
    try:
        while desk.step():
            pass
    except (BrokenPipeError, ConnectionResetError, Truncated):
        return  # whoever asked has ended


class _TooLong(BaseException):
    """The time is up; no answer's `except Exception` is to hold it back."""


class _Asked:
    """A question that waits for a child."""

    def __init__(self, number: int, answer: Callable[[], Any], *, writes: bool) -> None:
        self.number, self.answer, self.writes = number, answer, writes


class _Child:
    """A child that answers: its question's number, its process id, the end of its time, and what it has said."""

    def __init__(self, asked: _Asked, pid: int) -> None:
        self.number, self.writes, self.pid = asked.number, asked.writes, pid
        self.due, self.said = time.monotonic() + SLOW, bytearray()


class Desk:
    """One socket's questions."""

    def __init__(self, place: Place, descriptor: int, nudge: int) -> None:
        self._place, self._socket, self._nudge = place, descriptor, nudge
        self._children: dict[int, _Child] = {}  # by the pipe that it answers over
        self._waiting: list[_Asked] = []

    @property
    def busy(self) -> bool:
        """Whether a child answers, or a question waits for one."""
        return bool(self._children or self._waiting)

    def step(self) -> bool:
        """Wait for something to do, and do it; False once the other side has ended."""
        import select  # only hb serve

        left = [max(0.0, child.due - time.monotonic()) for child in self._children.values()]
        ready, _, _ = select.select([self._socket, *self._children], [], [], min(left, default=None))
        for descriptor in [one for one in ready if one != self._socket]:
            self._hear(descriptor)
        self._end_late()
        if self._socket in ready:
            got = wires.receive(self._socket, wires.LARGEST_QUESTION)
            if got is None:
                return False
            self._take(*got)
        self._start()
        return True

    def _take(self, number: int, body: bytes) -> None:
        try:
            name, words = wires.asked(body)
            asked, answer = questions.load(name)
            check(asked, answer, words, writing=self._place.writing)
            if (asked.slow or asked.writes) and len(self._waiting) >= WAITING:
                raise CannotLook("too many questions wait for an answer already", "Try again in a minute.")
        except HbError as error:
            self._reply(number, wires.refusal(error))
            return

        def ask() -> Any:
            return answer(self._place, **words)

        if asked.slow or asked.writes:
            self._waiting.append(_Asked(number, ask, writes=asked.writes))
        else:
            self._reply(number, wires.answer(lambda: within(QUICK, ask)))

    def _reply(self, number: int, body: bytes) -> None:
        wires.send(self._socket, number, body)

    # -- children

    def _start(self) -> None:
        """Give those that wait a child each, as many as there may be."""
        for asked in list(self._waiting):
            writing = any(child.writes for child in self._children.values())
            if len(self._children) < AT_ONCE and not (asked.writes and writing):
                self._waiting.remove(asked)
                self._fork(asked)

    def _fork(self, asked: _Asked) -> None:
        from hb_engine.app.hub import staff  # the one place that forks

        reader, writer = os.pipe()

        def run() -> None:
            for descriptor in (self._socket, reader, self._nudge, *self._children):
                os.close(descriptor)
            body = wires.answer(asked.answer)
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(body)

        try:
            pid = staff.fork(run)
        except OSError as error:
            os.close(reader)
            self._reply(asked.number, wires.refusal(CannotLook(f"nobody could be found to answer: {error.strerror}")))
            return
        finally:
            os.close(writer)
        self._children[reader] = _Child(asked, pid)

    def _hear(self, descriptor: int) -> None:
        child = self._children[descriptor]
        part = os.read(descriptor, 1 << 20)
        child.said.extend(part)
        if part and len(child.said) <= wires.LARGEST_ANSWER:
            return
        status = self._done(descriptor)
        if status or not child.said:
            sys.stderr.write(f"hb: the answer to a question ended with status {status}\n")
            self._reply(child.number, wires.refusal(wires.fault()))
            return
        self._reply(child.number, bytes(child.said))

    def _end_late(self) -> None:
        """Children whose time is up."""
        now = time.monotonic()
        for descriptor, child in list(self._children.items()):
            if now >= child.due:
                self._done(descriptor)
                self._reply(child.number, wires.refusal(late(SLOW)))

    def _done(self, descriptor: int) -> int:
        """A child's exit status, negative for a signal; whoever still runs is ended."""
        from signal import SIGKILL

        child = self._children.pop(descriptor)
        os.close(descriptor)
        if child.writes:
            self._look_now()
        if time.monotonic() >= child.due or len(child.said) > wires.LARGEST_ANSWER:
            os.kill(child.pid, SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])

    def _look_now(self) -> None:
        try:
            os.write(self._nudge, b".")
        except OSError:  # it is full of such wishes already, or nobody looks
            return


def check(asked: Question, answer: Callable[..., Any], words: dict[str, Any], *, writing: bool) -> None:
    """Refuse a question that may not be asked, or not with these words. Raises BadInput."""
    if asked.writes and not writing:
        raise BadInput("hb serve was not started to write", "Start it anew: hb serve --write.")
    unknown, missing = _misfits(answer, words)
    if unknown or missing:
        told = f"without {min(missing)}" if missing else f"with a word that it does not take, {min(unknown)}"
        raise BadInput(f"{asked.name} is asked {told}", "This is a fault of hb serve, or somebody tries it out.")
    for name, value in words.items():
        kind = str(answer.__annotations__.get(name, "")).partition("[")[0]
        wanted = KINDS.get(kind)
        if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and kind != "bool")):
            raise BadInput(f"{asked.name} is asked with {name}, which is no {kind}", "Ask with what the page offers.")


def _misfits(answer: Callable[..., Any], words: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The words that an answer does not take, and those that it cannot do without."""
    from inspect import Parameter, signature  # only hb serve

    _, *taken = signature(answer).parameters.values()  # the first is the place
    if any(one.kind is Parameter.VAR_KEYWORD for one in taken):
        return set(), set()  # it looks at them itself
    return (
        set(words) - {one.name for one in taken},
        {one.name for one in taken if one.default is Parameter.empty} - set(words),
    )


def late(seconds: float) -> CannotLook:
    """What is said of an answer that took too long."""
    return CannotLook(f"there was no answer within {seconds:g} seconds", "Ask for less, or again in a minute.")


def within(seconds: float, ask: Callable[[], Any]) -> Any:
    """An answer that is there in time. Raises CannotLook for one that is not."""
    from signal import ITIMER_REAL, SIGALRM, setitimer, signal

    def up(*_: object) -> None:
        raise _TooLong

    before = signal(SIGALRM, up)
    setitimer(ITIMER_REAL, seconds)
    try:
        return ask()
    except _TooLong as error:
        raise late(seconds) from error
    finally:
        setitimer(ITIMER_REAL, 0)
        signal(SIGALRM, before)
