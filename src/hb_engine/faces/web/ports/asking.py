"""What a port's page asks of the process with rights: what was, what is kept of SANS ISC, and what people found useful.

Each may fail, and the rest of the page is worth showing: then the trouble is told in its section. Answers are kept for
a minute, since they change slowly and pages are asked for often; what a person does here is shown at once. For one
minute more an answer is shown while it is asked for anew, and whoever asks what is asked already waits for that.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from hb_engine.app.hub.questions.port_past import PortPast
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.underway import Underway
from hb_engine.model.errors import HbError
from hb_engine.model.record import record

FRESH = 60.0  # seconds for which an answer is good
STALE = 120.0  # for which one is shown while it is asked for anew
SOON = 2.0  # for which a trouble is: a process that is still starting has an answer in a moment
MOST = 2000  # answers that are kept


@record
class Told:
    """An answer, or why there is none."""

    value: Any = None
    trouble: HbError | None = None


class Memory:
    """The answers of one hub, by what was asked."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[float, Told]] = {}
        self.out = Underway()

    def stale(self, key: tuple[Any, ...], now: float) -> Told | None:
        """An answer that is not fresh any more and may still be shown; None where there is none."""
        at, told = self._known.get(key, (float("-inf"), None))
        return told if told is not None and told.trouble is None and 0 <= now - at < STALE else None

    def find(self, key: tuple[Any, ...], now: float) -> Told | None:
        """A fresh answer; None where it must be asked again."""
        at, told = self._known.get(key, (float("-inf"), None))
        return told if 0 <= now - at < FRESH else None

    def keep(self, key: tuple[Any, ...], now: float, told: Told) -> Told:
        """Remember an answer; the oldest goes where there are too many."""
        self._known.pop(key, None)
        self._known[key] = (now if told.trouble is None else now - FRESH + SOON, told)
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return told

    def forget(self, question: str) -> None:
        """Ask a question anew, whatever is known."""
        self._known = {key: kept for key, kept in self._known.items() if key[0] != question}
        self.out = Underway()  # what is out was asked before


_MEMORIES: WeakKeyDictionary[Hub, Memory] = WeakKeyDictionary()


def memory(hub: Hub) -> Memory:
    """What is remembered of a hub's answers."""
    return _MEMORIES.setdefault(hub, Memory())


async def told(hub: Hub, question: str, *, also: Any = None, **words: Any) -> Told:
    """An answer, from memory where it is fresh. `also` is something else that it depends on, such as the sight."""
    kept, now = memory(hub), hub.clock()
    key = (question, also, *sorted(words.items()))
    found = kept.find(key, now)
    if found is not None:
        return found

    out = kept.out

    async def asked() -> Told:
        told = await _asked(hub, question, words)
        return kept.keep(key, now, told) if kept.out is out else told

    found = kept.stale(key, now)
    if found is None:
        return await out.once(key, asked)
    out.begin(key, asked)
    return found


async def past(hub: Hub, port: int) -> Told:
    """What was ever seen on a port. Of most nothing was, and one answer tells them all, for as long as a sight is."""
    number = hub.sight.number
    every = await told(hub, "ports-past", also=number)
    if every.trouble is not None:
        return every
    if port not in every.value.ports:
        return Told(PortPast(port, "", (), every.value.machines, 0, every.value.others))
    return await told(hub, "port-past", also=number, port=port)


async def pressure_kept(hub: Hub, port: int) -> Told:
    """What is kept of SANS ISC about a port; where nothing is kept of it, one answer is good for all such ports."""
    kept, now = memory(hub), hub.clock()
    found = kept.find(("pressure-kept", port), now)
    common = kept.find(("pressure-kept", None), now)
    if found is None and common is not None and (common.trouble is not None or port not in common.value.ports):
        return common
    if found is not None:
        return found
    found = await kept.out.once(("pressure-kept", port), lambda: _asked(hub, "pressure-kept", {"port": port}))
    kept.keep(("pressure-kept", port), now, found)
    if found.trouble is not None or found.value.look is None:
        kept.keep(("pressure-kept", None), now, found)
    return found


async def _asked(hub: Hub, question: str, words: dict[str, Any]) -> Told:
    try:
        return Told(await hub.ask(question, **words))
    except HbError as error:
        return Told(trouble=error)
