"""Questions that are out: whoever asks the same meanwhile waits for the same answer.

Twenty browsers that ask for one page at once have one question asked, not twenty, and the process with rights has
better to do. Nothing is kept here once it is answered. It refuses to let one reader who goes away end it for the rest.
"""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

T = TypeVar("T")


class Underway:
    """What is asked for now, by a key."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[Any]] = {}

    def begin(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        """Ask, unless that is asked already; nobody need wait for it."""
        task = self._tasks.get(key)
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._tasks[key] = asyncio.ensure_future(_asked(ask))
            task.add_done_callback(lambda done: self._end(key, done))
        return task

    async def once(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer. Raises what asking raises."""
        return await asyncio.shield(self.begin(key, ask))

    def __len__(self) -> int:
        """How many questions are out."""
        return len(self._tasks)

    def _end(self, key: Hashable, done: asyncio.Task[Any]) -> None:
        if self._tasks.get(key) is done:
            del self._tasks[key]
        if not done.cancelled():
            done.exception()  # where nobody waits, nobody is told


async def _asked(ask: Callable[[], Awaitable[T]]) -> T:
    return await ask()
