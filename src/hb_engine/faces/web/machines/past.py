"""What was on machines, as the pages have it: asked of the process with rights once for each sight.

No history is an answer too: the page says how one is kept. A history in trouble is told with its remedy, and asked
again by the next reader. It refuses to make a page wait for a slow disk: what takes longer is told as being on its way.
"""

from __future__ import annotations

import asyncio

from hb_engine.faces.web.hub import Hub
from hb_engine.model.errors import BadInput, HbError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hb_engine.app.hub.questions.changes import Changes  # noqa: TC004 (a record keeps the names of types alone)
    from hb_engine.app.hub.questions.machine_past import KeyPast, Past  # noqa: TC004 (as above)
    from hb_engine.model.history import Change

DAYS = 90
MOST = 64  # answers that are kept
PATIENCE = 2.0  # seconds that a page waits


@record
class Asked:
    """An answer; or `none`, where nothing is kept; or `late`, where it is on its way; or trouble with its remedy."""

    past: Past | None = None
    changes: Changes | None = None
    none: bool = False
    late: bool = False
    trouble: str = ""
    remedy: str = ""


class Pasts:
    """What was asked for one hub's sight."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._of: tuple[Hub | None, int] = (None, -1)
        self._tasks: dict[tuple[object, ...], asyncio.Task[Any]] = {}
        self._patience = patience

    async def of(self, hub: Hub, host: str) -> Asked:
        """The last ninety days of a machine."""
        found = await self._asked(hub, "machine-past", host=host, days=DAYS)
        return found if isinstance(found, Asked) else Asked(past=found)

    async def changes(self, hub: Hub, since: float, limit: int, host: str = "") -> Asked:
        """What changed after a time, of one machine or of all."""
        found = await self._asked(hub, "changes", since=since, limit=limit, host=host)
        return found if isinstance(found, Asked) else Asked(changes=found)

    async def _asked(self, hub: Hub, question: str, **words: Any) -> Any:
        task = self._task(hub, question, **words)
        try:
            return await asyncio.wait_for(asyncio.shield(task), self._patience)
        except TimeoutError:
            return Asked(late=True)
        except BadInput:  # no history, or none of this machine
            return Asked(none=True)
        except HbError as error:
            return Asked(trouble=error.message, remedy=error.remedy)

    def _task(self, hub: Hub, question: str, **words: Any) -> asyncio.Task[Any]:
        if self._of != (hub, hub.sight.number):
            self._of, self._tasks = (hub, hub.sight.number), {}
        key = (question, *words.values())
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            if len(self._tasks) >= MOST:
                self._tasks.pop(next(iter(self._tasks)))
            task = self._tasks[key] = asyncio.ensure_future(hub.ask(question, **words))
        return task


def of_key(past: Past, one: KeyPast, changes: Iterable[Change] | None = None) -> tuple[Change, ...]:
    """The changes of one key, under whichever name they are kept."""
    names = {one.key, *one.aliases}
    told = past.changes if changes is None else changes
    return tuple([each for each in told if each.opening.key in names])


PASTS = Pasts()
