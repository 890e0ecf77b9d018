"""Times whole commands in turns, so that a busy minute of the machine hits all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Contest:
    """Commands by name; `run` takes each once a round and keeps the wall times in seconds."""

    def __init__(self, commands: dict[str, list[str]], environments: dict[str, dict[str, str]] | None = None) -> None:
        self.commands = commands
        self.environments = environments or {}
        self.times: dict[str, list[float]] = {name: [] for name in commands}

    def run(self, rounds: int, warm: int = 2) -> Contest:
        for number in range(rounds + warm):
            for name, command in self.commands.items():
                took = once(command, {**os.environ, **self.environments.get(name, {})})
                if number >= warm:
                    self.times[name].append(took)
        return self

    def median(self, name: str) -> float:
        """Seconds."""
        return statistics.median(self.times[name])

    def best(self, name: str) -> float:
        """Seconds."""
        return min(self.times[name])

    def ratio(self, name: str, other: str) -> float:
        """How long one takes as a part of the other, by the medians."""
        return self.median(name) / self.median(other)

    def rows(self, names: Iterable[str] | None = None) -> list[str]:
        """Lines of a Markdown table: name, median and best in milliseconds."""
        return [
            f"| {name} | {self.median(name) * 1e3:.1f} | {self.best(name) * 1e3:.1f} |" for name in names or self.times
        ]


def once(command: list[str], environment: dict[str, str]) -> float:
    """The wall time of a command, whole, with its output thrown away. Raises RuntimeError when it fails.

    1 is no failure: it is lsof's answer for nothing found.
    """
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False)
    took = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}")
    return took
