"""Routes as Litestar handlers: who asks, what was asked, the answer, or a problem that says why not.

Answers are the documents of faces/export, bytes as the command line writes them, ASCII whatever strangers put in. Each
has a tag of the sight that it tells of (ETag, RFC 9110 8.8.3): who has it already is answered 304, without a body. It
refuses to be kept by anybody but who asked (RFC 9111 5.2.2.7), and to answer without a session.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from hb_engine import __version__
from hb_engine.app.hub.sight import Machine, Sight, Trouble
from hb_engine.faces.web import addresses
from hb_engine.faces.web.api.cursors import Cut
from hb_engine.faces.web.api.declaring import PATHS, Route, read
from hb_engine.faces.web.api.problems import NotYet, problem
from hb_engine.faces.web.guard.gate import session_of
from hb_engine.faces.web.guard.requests import port_of
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.page import NoSession, NotThere
from hb_engine.model.errors import HbError
from hb_engine.model.record import items, record
from hb_engine.wire.json_text import array, document, members, value
from hb_engine.wire.opening_json import when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.json_text import Quote

ROOT = "/api/v1"
HEADERS = {"cache-control": "private, no-cache", "vary": "cookie"}
LARGE = 2000  # openings of a sight of which lists are made beside the event loop, so that nobody else waits
STARTING = "hb serve looks as soon as it starts; ask again in a moment."
UNRULED = "Begin a baseline with hb learn --now, or name one: hb serve --baseline DIR."


@record
class Asked:
    """One question: the hub, the sight that the whole answer is of, and what was asked for, by name."""

    hub: Hub
    sight: Sight
    words: dict[str, Any]
    cookie: str = ""  # the name of the session's

    @property
    def machine(self) -> Machine:
        """The machine that the address names. Raises NotThere."""
        name = self.words["name"]
        for one in self.sight.machines:
            if name in (one.name, addresses.segment(one.name)):
                return one
        raise NotThere(f"hb knows no machine {name!r}", f"GET {ROOT}/machines lists those that it knows.")


Answer = Callable[[Asked], str | Awaitable[str]]


def handler(route: Route, answer: Answer) -> HTTPRouteHandler:
    """What Litestar serves for a route."""

    async def serve(request: Request[Any, Any, Any]) -> Response[bytes]:
        try:
            return await _served(route, answer, request)
        except HbError as error:
            return problem(error)

    path = ROOT + route.path.replace("}", ":str}")
    made = HTTPRouteHandler(path, http_method="GET", name=f"api:{route.name}", status_code=200)
    return made(serve)


async def _served(route: Route, answer: Answer, request: Request[Any, Any, Any]) -> Response[bytes]:
    if session_of(request.scope) is None:
        raise NoSession(
            "the API is for whoever started it", "Send the cookie that the link of hb serve gives: curl -c jar LINK."
        )
    hub: Hub = request.app.state["hub"]
    sight = hub.sight
    words = {**read(route, request.scope["query_string"]), **_path(request.path_params)}
    _ready(route, sight)
    headers = {**HEADERS, "etag": tag(hub, sight)} if route.kept else HEADERS
    if route.kept and _has(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(b"", status_code=304, headers=headers)
    cookie = f"hb_{port_of(request.headers.get('host', ''))}"
    asked = Asked(hub, sight, words, cookie)
    large = sum([len(one.seen.openings) for one in sight.machines]) > LARGE
    found = await asyncio.to_thread(answer, asked) if large else answer(asked)
    text = found if isinstance(found, str) else await found
    return Response(text.encode(), media_type="application/json", headers=headers)


def _path(params: dict[str, Any]) -> dict[str, Any]:
    """What an address names. What cannot be there is not there."""
    try:
        return {name: PATHS[name].value(str(text)) for name, text in params.items()}
    except HbError as error:
        raise NotThere(error.message, error.remedy) from error


def _ready(route: Route, sight: Sight) -> None:
    if route.needs_look and not sight.machines:
        told = sight.troubles[0] if sight.troubles else Trouble("machine", "nothing could be seen", STARTING)
        raise NotYet(told.message, told.remedy or STARTING)
    if route.needs_rules and not any(one.report for one in sight.machines):
        raise unruled(sight, "no machine was held against a baseline")


def unruled(sight: Sight, otherwise: str) -> NotYet:
    """Why there is no baseline, by the sight's troubles; else in these words."""
    told = next((one for one in sight.troubles if one.about == "baseline"), Trouble("baseline", otherwise, UNRULED))
    return NotYet(told.message, told.remedy or UNRULED)


def tag(hub: Hub, sight: Sight) -> str:
    """What an answer's bytes depend on, in short: the program, its data, and the sight."""
    told = f"{__version__} {hub.registry.as_of} {hub.threats.as_of} {sight.number} {sight.taken_at}"
    return f'"{sight.number}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"'


def _has(header: str, etag: str) -> bool:
    """Whether If-None-Match has a tag: compared weakly (RFC 9110 13.1.2)."""
    return any(part.strip().removeprefix("W/") in (etag, "*") for part in header.split(","))


def written(kind: str, fields: Callable[[Quote], Iterable[tuple[str, str]]]) -> str:
    """A document of schema hb/1, on one line."""
    return document(lambda q: members([("schema", '"hb/1"'), ("kind", f'"{kind}"'), *fields(q)], q))


def page(
    asked: Asked,
    part: Cut,
    total: int,
    write: Callable[[Quote], list[str]],
    troubles: Iterable[Trouble] = (),
    *,
    more: Callable[[Quote], list[tuple[str, str]]] = lambda _: [],
) -> str:
    """A part of a list. `write` gives the items as JSON text, `troubles` what may be missing from it."""
    told = [dict(items(one)) for one in (*asked.sight.troubles, *troubles)]
    return written(
        "page",
        lambda q: [
            ("items", array(write(q))),
            ("next", value(part.next or None, q)),
            ("total", str(total)),
            ("sight", str(asked.sight.number)),
            ("taken_at", when(asked.sight.taken_at if asked.sight.number else None)),
            ("troubles", value(told, q)),
            *more(q),
        ],
    )
