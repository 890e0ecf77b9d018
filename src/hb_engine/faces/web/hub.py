"""What the pages hold on to: the sight of now, the registry, and the way to the process that has rights.

`sight` is replaced whole by whoever looks (live.py); a page reads it once. ask() carries a question of
app/hub/questions to the process that may answer it. It refuses to look at the machine itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from hb_engine.app.hub.sight import NOTHING, Sight
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats

Answerer = Callable[..., Awaitable[Any]]


class Hub:
    """The one object that all pages share. `clock` gives seconds since the epoch."""

    def __init__(
        self,
        registry: Registry,
        threats: Threats,
        answer: Answerer,
        *,
        writing: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.registry, self.threats, self.writing, self.clock = registry, threats, writing, clock
        self.sight: Sight = NOTHING
        self.closed = False
        self._answer = answer
        self._changed = asyncio.Event()

    async def ask(self, question: str, **words: Any) -> Any:
        """The answer to a question of app/hub/questions. Raises what model/errors.py has."""
        return await self._answer(question, **words)

    def show(self, sight: Sight) -> None:
        """From now on this is what pages show; whoever waits for a change is woken."""
        self.sight = sight
        self._wake()

    async def change(self, after: int) -> Sight:
        """The next sight with another number than `after`; at once where it is there already, or the hub is closed."""
        while self.sight.number == after and not self.closed:
            await self._changed.wait()
        return self.sight

    def close(self) -> None:
        """Nothing more will come: whoever waits for a change is woken, and streams end."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()
