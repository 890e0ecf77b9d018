"""GET /events: a stream that tells a browser when what is shown has changed (Server-Sent Events, HTML 9.2).

It tells the number of the sight and what changed in counts and words; what is there now the browser asks the page for.
The first event is of now, unless the browser has seen that number last (Last-Event-ID). A comment and a time go out
every 20 seconds, so that both sides notice when the other is gone. A session has eight streams at most; a stream ends
when its session or the hub does. It refuses to tell anything of machines that pages do not show.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from weakref import WeakKeyDictionary

from litestar import Request, Response, get
from litestar.response import Stream

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.guard.gate import session_of
from hb_engine.faces.web.guard.sessions import Session
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import CODES, DEFAULT, Language, language
from hb_engine.model.record import record

BEAT = 20.0  # seconds
RETRY = 3000  # milliseconds after which a browser comes again
MOST = 8  # streams of a session
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@record
class Difference:
    """What one sight shows and another did not, in counts; `whole` where nobody knows what was shown before."""

    opened: int = 0  # ways in that are new
    unseen: int = 0  # that are not seen any more
    changed: int = 0  # that are judged otherwise
    drift: int = 0  # differences from the baseline that there are now
    whole: bool = False


class Streams:
    """The streams of one hub, counted by session; and what changed between sights, counted once for all of them."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._known: dict[tuple[int, int], Difference] = {}

    def begin(self, session: Session) -> bool:
        """Whether one more may begin; then it has."""
        count = self._count.get(session.name, 0)
        if count >= MOST:
            return False
        self._count[session.name] = count + 1
        return True

    def end(self, session: Session) -> None:
        """One has ended."""
        left = self._count.pop(session.name, 0) - 1
        if left > 0:
            self._count[session.name] = left

    def difference(self, before: Sight, after: Sight) -> Difference:
        """What changed from one sight to another."""
        place = before.number, after.number
        if place not in self._known:
            self._known = {known: told for known, told in self._known.items() if known[1] == after.number}
            self._known[place] = difference(before, after)
        return self._known[place]


STREAMS: WeakKeyDictionary[Hub, Streams] = WeakKeyDictionary()


@get("/events", name="events", include_in_schema=False)
async def events(request: Request[Any, Any, Any]) -> Response[Any]:
    """The stream, for whoever has a session."""
    site, session = request.app.state.site, session_of(request.scope)
    if session is None:
        return _plain(401, "These pages are for whoever started them. Use the link that hb serve printed.")
    streams = STREAMS.setdefault(site.hub, Streams())
    if not streams.begin(session):
        return _plain(429, f"This session has {MOST} streams already. Close some of its windows.")
    code = request.query_params.get("language", DEFAULT)
    spoken = language(code if code in CODES else DEFAULT)

    def holds() -> bool:
        return any(one.digest == session.digest for one, _ in site.gate.sessions.listed())

    told = stream(site.hub, streams, spoken, request.headers.get("last-event-id", ""), holds)
    return Stream(_counted(told, streams, session), media_type="text/event-stream", headers=HEADERS)


HANDLERS = [events]


async def _counted(told: AsyncIterator[str], streams: Streams, session: Session) -> AsyncIterator[str]:
    try:
        async for text in told:
            yield text
    finally:
        streams.end(session)


async def stream(
    hub: Hub, streams: Streams, spoken: Language, last: str, holds: Callable[[], bool], *, beat: float = BEAT
) -> AsyncIterator[str]:
    """What one browser is told, until the hub is closed or `holds` says that its session is over."""
    shown = hub.sight
    yield f"retry: {RETRY}\n\n" + ("" if last == str(shown.number) else event(shown, Difference(whole=True), spoken))
    while not hub.closed and holds():
        try:
            sight = await asyncio.wait_for(hub.change(shown.number), beat)
        except TimeoutError:
            yield f": hb\nevent: beat\ndata: {json.dumps(_of(hub.sight))}\n\n"
            continue
        if sight.number != shown.number and holds():
            yield event(sight, streams.difference(shown, sight), spoken)
        shown = sight


def event(sight: Sight, what: Difference, spoken: Language) -> str:
    """One change as an event."""
    counts = {"opened": what.opened, "unseen": what.unseen, "changed": what.changed, "drift": what.drift}
    told = {**_of(sight), **({} if what.whole else counts), "text": sentence(what, spoken)}
    return f"id: {sight.number}\nevent: sight\ndata: {json.dumps(told)}\n\n"


def _of(sight: Sight) -> dict[str, Any]:
    """Which sight, when, and how far this machine's clock on the wall is ahead of UTC: pages tell times by it."""
    offset = time.localtime(sight.taken_at).tm_gmtoff
    return {"number": sight.number, "taken_at": int(sight.taken_at), "offset": offset}


def sentence(what: Difference, spoken: Language) -> str:
    """What changed, in sentences for a person who does not look; empty where nobody knows."""
    if what.whole:
        return ""
    told = []
    if what.opened:
        told.append(spoken.count("One more way in.", "%(num)s more ways in.", what.opened))
    if what.unseen:
        told.append(spoken.count("One is no longer seen.", "%(num)s are no longer seen.", what.unseen))
    if what.changed:
        told.append(spoken.count("One is judged otherwise.", "%(num)s are judged otherwise.", what.changed))
    return " ".join(told) if told else spoken.say("What is shown has changed.")


def difference(before: Sight, after: Sight) -> Difference:
    """What changed from one sight to another. A key may stand for several openings: each of them counts."""
    was, now = _words(before), _words(after)
    opened = sum([max(len(words) - len(was.get(place, ())), 0) for place, words in now.items()])
    unseen = sum([max(len(words) - len(now.get(place, ())), 0) for place, words in was.items()])
    changed = sum([len(words) == len(was.get(place, ())) and words != was[place] for place, words in now.items()])
    drift = sum(
        [one.state == "drift" for machine in after.machines if machine.report for one in machine.report.verdicts]
    )
    return Difference(opened, unseen, changed, drift)


def _words(sight: Sight) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """What is said of every opening, by machine and key: how bad it is, and what the baseline makes of it."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for machine in sight.machines:
        held = {one.key: one.kind for one in machine.report.verdicts} if machine.report else {}
        for one in machine.seen.openings:
            word = one.verdict.severity if one.verdict else "", held.get(one.key, "")
            found.setdefault((machine.name, one.key), []).append(word)
    return {place: sorted(words) for place, words in found.items()}


def _plain(status: int, text: str) -> Response[str]:
    headers = {"cache-control": "no-store", **({"retry-after": "60"} if status == 429 else {})}
    return Response(text + "\n", status_code=status, media_type="text/plain; charset=utf-8", headers=headers)
