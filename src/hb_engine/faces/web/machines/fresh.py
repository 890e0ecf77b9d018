"""Stories that were asked for anew: one look for each opening of a sight, however many read its page.

The process with rights is asked once and its answer is kept while that sight is shown. A page waits a moment for it and
no longer: what the last look showed is there already, and the page says that the rest is on its way. It refuses to keep
a failure: the next reader asks again.
"""

from __future__ import annotations

import asyncio

from hb_engine.app.looking.why import Story
from hb_engine.faces.stories.owners import process_name
from hb_engine.faces.web.hub import Hub
from hb_engine.model.errors import HbError
from hb_engine.model.opening import Opening
from hb_engine.model.record import record

MOST = 64  # stories that are kept
PATIENCE = 1.5  # seconds that a page waits


@record
class Fresh:
    """A story, or why there is none: `late` while it is on its way, else the trouble's message and remedy."""

    story: Story | None = None
    late: bool = False
    trouble: str = ""
    remedy: str = ""


class Stories:
    """The stories of one hub's sight."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._of: tuple[Hub | None, int] = (None, -1)
        self._tasks: dict[tuple[str, bool], asyncio.Task[Story]] = {}
        self._patience = patience

    async def of(self, hub: Hub, opening: Opening, *, speak: bool = False) -> Fresh:
        """The story of an opening of this machine."""
        if self._of != (hub, hub.sight.number):
            self._of, self._tasks = (hub, hub.sight.number), {}
        words = query(opening)
        if words is None:
            return Fresh()
        asked = (opening.key, speak)
        task = self._tasks.get(asked)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            if len(self._tasks) >= MOST:
                return Fresh(late=True)
            task = asyncio.ensure_future(hub.ask("why", key=opening.key, speak=speak, **words))
            self._tasks[asked] = task
        return await self._waited(task)

    async def _waited(self, task: asyncio.Task[Story]) -> Fresh:
        try:
            return Fresh(await asyncio.wait_for(asyncio.shield(task), self._patience))
        except TimeoutError:
            return Fresh(late=True)
        except HbError as error:
            return Fresh(trouble=error.message, remedy=error.remedy)


def query(opening: Opening) -> dict[str, object] | None:
    """What the question is asked: the port, else the process; None for what goes by neither."""
    if opening.port is not None:
        return {"port": opening.port, "transport": opening.transport}
    if not opening.owners:
        return None
    name = process_name(opening.owners[0])
    return {"name": name, "transport": opening.transport} if name.isprintable() and len(name) <= 200 else None
