"""Many hosts on two cores: half of them are swept by a child, since Python itself works on one core at a time.

The kernel does most of a scan's work; what is left for Python (packing, reading, keeping the board) is a third of it,
and where hosts are many that is what one waits for. Each half is a sweep like any other, with half of the rate; what
the child found out comes back through a pipe. A child that ends without a word is no loss: its half is swept here then.
Ctrl-C reaches both.
"""

from __future__ import annotations

import os
import signal

from hb_engine.model.errors import CannotLook
from hb_engine.model.record import record, replace
from hb_engine.scan.hosts import Outcome
from hb_engine.scan.pace import Limits
from hb_engine.scan.sweep import Told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hb_engine.scan.job import Job

    Sweeping = Callable[[Sequence[Outcome], Job], list[Told]]

WORTH = 200_000  # questions, below which one process is as fast


@record
class Brought:
    """What a child brings back: what it found out, or the sentence and remedy of why it could not look."""

    told: tuple[Told, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    failed: tuple[str, str] | None = None


def worth(hosts: int, ports: int) -> bool:
    """Whether a second process would gain anything."""
    return hosts > 1 and hosts * ports >= WORTH and (os.cpu_count() or 1) > 1 and hasattr(os, "fork")


def sweep(sweeping: Sweeping, outcomes: Sequence[Outcome], job: Job) -> list[Told]:
    """Sweep two halves at the same time. Raises CannotLook where the hosts' own sweep does."""
    middle = len(outcomes) // 2
    ours, theirs = outcomes[:middle], outcomes[middle:]
    limits = Limits(job.limits.start / 2, job.limits.most / 2, job.limits.blind / 2)
    job = replace(job, limits=limits, together=job.together or len(outcomes), cores=1)
    child = _Child(sweeping, theirs, replace(job, first=job.first + middle, watch=lambda *_: None))
    part = len(outcomes) / max(1, middle)
    try:
        told = sweeping(ours, replace(job, watch=lambda settled, total: job.watch(int(settled * part), total)))
    except BaseException:
        child.end()
        raise
    if job.stop():
        child.interrupt()
    brought = child.wait()
    if brought is None:
        return told + sweeping(theirs, replace(job, first=job.first + middle))
    if brought.failed:
        raise CannotLook(*brought.failed)
    for outcome, known in zip(theirs, brought.outcomes, strict=True):
        outcome.__dict__.update(known.__dict__)
    return told + list(brought.told)


class _Child:
    """A process that sweeps some hosts."""

    def __init__(self, sweeping: Sweeping, outcomes: Sequence[Outcome], job: Job) -> None:
        self._reader, writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _work(sweeping, outcomes, job, writer)
        os.close(writer)

    def interrupt(self) -> None:
        """Have it end with what it knows; a terminal's Ctrl-C has reached it already."""
        os.kill(self._pid, signal.SIGTERM)

    def end(self) -> None:
        """Have it end at once."""
        os.kill(self._pid, signal.SIGKILL)
        os.close(self._reader)
        os.waitpid(self._pid, 0)

    def wait(self) -> Brought | None:
        """What it brought; None where it ended without a word."""
        import pickle  # our own child's, over a pipe that nobody else has

        with os.fdopen(self._reader, "rb") as pipe:
            data = pipe.read()
        os.waitpid(self._pid, 0)
        if not data:
            return None
        brought: Brought = pickle.loads(data)  # noqa: S301 -- see above
        return brought


def _work(sweeping: Sweeping, outcomes: Sequence[Outcome], job: Job, writer: int) -> None:
    import pickle  # as above

    asked: list[int] = []
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: asked.append(1))
        before = job.stop
        job = replace(job, stop=lambda: bool(asked) or before())
        try:
            brought = Brought(tuple(sweeping(outcomes, job)), tuple(outcomes))
        except CannotLook as error:
            brought = Brought(failed=(error.message, error.remedy))
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pickle.dumps(brought))
    finally:
        os._exit(0)  # nothing of the parent's is to be written twice
