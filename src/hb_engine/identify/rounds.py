"""What a strategy asks its carrier for: a round of jobs, some at once, from one purse of seconds; or to wait.

A round is told of every outcome at once, so that the order of what is left can change while it runs. It is plain state:
it starts nothing, and time is what others say they spent.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.identify.carrier import Job, Outcome


class Later:
    """Everybody else first: the strategy goes on when all other ports had their turn."""


class Round:
    """Jobs in order. `lanes` run at once; no job begins once `purse()` seconds, added up over lanes, are spent."""

    def __init__(
        self,
        jobs: Iterable[Job],
        told: Callable[[Round, Job, Outcome], None],
        *,
        lanes: int = 1,
        purse: Callable[[], float] | None = None,
    ) -> None:
        self._jobs = list(jobs)
        self._told = told
        self.lanes = lanes
        self._purse = purse
        self._spent = 0.0
        self.over = False

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def left(self) -> tuple[str, ...]:
        """The labels of the jobs that did not begin yet, in order."""
        return tuple([job.label for job in self._jobs])

    @property
    def on_kept(self) -> bool:
        """Whether the first job goes on with the connection that was left open."""
        return bool(self._jobs) and self._jobs[0].kept

    def take(self) -> Job | None:
        """The next job to begin, if any may."""
        if self.over or not self._jobs or (self._purse is not None and self._spent >= self._purse()):
            return None
        return self._jobs.pop(0)

    def tell(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """A job has come to its end, and took so many seconds."""
        self._spent += seconds
        self._told(self, job, outcome)

    def prefer(self, labels: Iterable[str]) -> None:
        """Move these jobs to the front."""
        wanted = frozenset(labels)
        self._jobs.sort(key=lambda job: job.label not in wanted)

    def add(self, jobs: Iterable[Job]) -> None:
        """More jobs, at the front."""
        self._jobs[:0] = jobs

    def stop(self) -> None:
        """Nothing more is to be known: what runs may be broken off."""
        self.over = True
