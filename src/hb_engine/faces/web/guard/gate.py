"""The gate before everything: hosts and origins, users and sessions, links, and the headers that a browser obeys.

It stands as plain ASGI before the application, so that no route can be forgotten. Whoever comes by a one-time link gets
a session here, and the application never sees the link. What it refuses, it refuses by itself, with a page that needs
nothing of the site. It refuses to write down a token or a cookie anywhere.
"""

from __future__ import annotations

import asyncio
import hmac
import sys
from collections.abc import Awaitable, Callable
from html import escape
from traceback import format_exc
from typing import Any

from hb_engine.faces.web.api import problems
from hb_engine.faces.web.guard import requests
from hb_engine.faces.web.guard.connections import OWNER
from hb_engine.faces.web.guard.headers import Cookie, guarded
from hb_engine.faces.web.guard.links import UNKNOWN, USED, WHY, Links
from hb_engine.faces.web.guard.owners import NOBODY, name_of
from hb_engine.faces.web.guard.requests import BODY, Headers, Refusal
from hb_engine.faces.web.guard.sessions import LONGEST, Session, Sessions
from hb_engine.faces.web.language import DEFAULT, language, preferred
from hb_engine.model.errors import BadInput

ENTER = "/enter/"
PAUSE = 0.25  # seconds before a wrong link is answered: guesses cost, and the owner's own link is never locked
SLOWEST = 30.0  # seconds for a request's body
PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"/><title>{status} · hb</title></head>
<body><main><h1>{message}</h1><p>{remedy}</p></main></body></html>
"""

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Gate:
    """Lets in what may come in. `pause` is awaited before a wrong link is answered."""

    def __init__(
        self,
        sessions: Sessions | None = None,
        links: Links | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.sessions, self.links, self._pause = sessions or Sessions(), links or Links(), pause
        self.wrong = 0  # links that were tried and were none

    def before(self, app: Any) -> Any:
        """An ASGI application behind this gate."""

        async def gated(scope: Any, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await self._http(app, scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await app(scope, receive, send)

        return gated

    async def _http(self, app: Any, scope: Any, receive: Receive, send: Send) -> None:
        raw = list(scope["headers"])  # a copy: trailers that come later are none of these
        headers, state = Headers(raw), dict(scope.get("state") or {})
        inner, answer, owner = (
            {**scope, "headers": raw, "state": state},
            Answering(send, scope["path"]),
            state.get(OWNER),
        )
        refusal = self._stranger(owner) or requests.refuse(scope["method"], scope["path"], headers)
        session, name = None, ""
        if refusal is None:
            name = f"hb_{requests.port_of(headers.get('host'))}"
            session = self._session(headers, name, answer, owner)
            if session and owner not in (None, session.uid):
                refusal = requests.NOT_YOURS
        token = scope["path"].removeprefix(ENTER) if scope["path"].startswith(ENTER) else WHY[0]
        if refusal is None and token not in WHY:
            if scope["method"] == "GET" and not requests.is_ahead(headers):
                await self._enter(token, owner, headers, answer, name=name, before=session)
                return
            refusal = requests.AHEAD
        if refusal is not None:
            await answer.refuse(refusal, headers)
            return
        state["session"] = session
        await _passed(app, inner, Bounded(receive, answer, headers), answer)

    def _session(self, headers: Headers, name: str, answer: Answering, owner: int | None) -> Session | None:
        """The session of a request. A cookie that is none any more is taken away.

        There may be several of one name: any port of this machine can set one beside ours, and must not get a person
        out by that, neither with one that is none nor with another user's: that of the connection's user counts first.
        """
        values = cookies(headers, name)
        known = [session for value in values if (session := self.sessions.find(value))]
        found = next((one for one in known if one.uid == owner), next(iter(known), None))
        if values and found is None:
            answer.cookie = Cookie(name).line()
        return found

    def _stranger(self, owner: int | None) -> Refusal | None:
        if owner == NOBODY:
            return requests.NOBODY_S
        return None if self.links.is_for(owner) else requests.NOT_FOR_YOU

    async def _enter(
        self, token: str, owner: int | None, headers: Headers, answer: Answering, *, name: str, before: Session | None
    ) -> None:
        """Use a link up. It leads to the first page, or to one that says why not: addresses without the token, so that
        no history and no Referer has it."""
        code = preferred(headers.get("accept-language"))
        right, why = self.links.use(token, owner)
        if right:
            if before:  # the same browser: one session is enough
                self.sessions.end(before.name)
            secret = self.sessions.begin(right, owner, name_of(owner))
            answer.cookie = Cookie(name, secret).line(LONGEST)
        elif why == UNKNOWN:
            self.wrong += 1
            await self._pause(PAUSE)
        if right or (before and why == USED):  # a link that is opened once more leads home
            to = "/" if code == DEFAULT else f"/{code}"
        else:
            to = language(code).url(f"{ENTER}{why}")
        await answer.whole(303, b"", [(b"location", to.encode()), (b"referrer-policy", b"no-referrer")])


class Answering:
    """The way out: every answer gets the headers that all have, and a cookie where one is to be set."""

    def __init__(self, send: Send, path: str = "/") -> None:
        self._send, self._path, self.cookie, self.begun = send, path, b"", False

    async def __call__(self, message: Any) -> None:
        """What the application sends."""
        if message["type"] == "http.response.start":
            self.begun = True
            headers = guarded([(bytes(name), bytes(value)) for name, value in message.get("headers", ())])
            if self.cookie:
                headers.append((b"set-cookie", self.cookie))
            message = {**message, "headers": headers}
        await self._send(message)

    async def whole(self, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        """An answer in one piece."""
        length = (b"content-length", str(len(body)).encode())
        await self({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await self({"type": "http.response.body", "body": body})

    async def refuse(self, refusal: Refusal, headers: Headers) -> None:
        """A page of nothing but words, and the end of the connection: what was not read of a request is nothing.

        Programs that ask for JSON are told in JSON, in English.
        """
        if problems.is_for_programs(self._path):
            body = problems.written(refusal.status, "refused", refusal.message, refusal.remedy)
            head = [(b"content-type", problems.MEDIA.encode()), (b"connection", b"close")]
            await self.whole(
                refusal.status, body, [*head, *([(b"allow", b"GET, HEAD")] if refusal.status == 405 else [])]
            )
            return
        spoken = language(preferred(headers.get("accept-language")))
        message, remedy = [escape(spoken.say(text)) for text in (refusal.message, refusal.remedy)]
        page = PAGE.format(lang=spoken.code, status=refusal.status, message=message, remedy=remedy)
        kind = [(b"content-type", b"text/html; charset=utf-8"), (b"content-language", spoken.code.encode())]
        kind += [(b"allow", ", ".join(requests.METHODS).encode())] if refusal.status == 405 else []
        await self.whole(refusal.status, page.encode(), [*kind, (b"connection", b"close")])


class _Refused(BaseException):
    """A request's body is one that is not taken. It unwinds the application, past every `except Exception` of its."""


class Bounded:
    """The way in: a request's body is bounded in size and in time."""

    def __init__(self, receive: Receive, answer: Answering, headers: Headers) -> None:
        self._receive, self._answer, self.headers = receive, answer, headers
        self._size, self._more = 0, True
        self.refusal: Refusal | None = None

    async def __call__(self) -> Any:
        """The next part of a request. Raises _Refused."""
        if not self._more:
            return await self._receive()  # whether the browser is still there: that may take for ever
        try:
            message = await asyncio.wait_for(self._receive(), SLOWEST)
        except TimeoutError:
            raise self._refused(requests.TOO_SLOW) from None
        if message["type"] == "http.disconnect":
            raise _Refused  # whoever asked has left: there is nobody to answer, and nothing to be told of it
        self._size += len(message.get("body", b""))
        self._more = bool(message.get("more_body", False))
        if self._size > BODY:
            raise self._refused(requests.TOO_LARGE)
        return message

    async def tell(self) -> None:
        """Answer for a body that was refused, where nothing was answered yet."""
        if self.refusal and not self._answer.begun:
            await self._answer.refuse(self.refusal, self.headers)

    def _refused(self, refusal: Refusal) -> _Refused:
        self.refusal = refusal
        return _Refused()


async def _passed(app: Any, scope: Any, receive: Bounded, answer: Answering) -> None:
    """On to the application. HEAD is asked as GET (RFC 9110 9.3.2). A fault is told on standard error, and to nobody
    else."""
    try:
        if scope["method"] == "HEAD":
            await headless(app, {**scope, "method": "GET"}, receive, answer)
        else:
            await app(scope, receive, answer)
    except _Refused:
        await receive.tell()
    except Exception:
        sys.stderr.write(format_exc())
        if answer.begun:
            raise  # half an answer ends with its connection
        await answer.refuse(requests.FAULT, receive.headers)


async def headless(app: Any, scope: Any, receive: Receive, send: Send) -> None:
    """An answer without its body: the application is ended where that would begin, since a stream's has no end."""
    enough = asyncio.Event()

    async def begin(message: Any) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b""})
            enough.set()

    asking, waiting = asyncio.ensure_future(app(scope, receive, begin)), asyncio.ensure_future(enough.wait())
    try:
        await asyncio.wait((asking, waiting), return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            await asking  # what it raised is for whoever serves
    finally:
        for task in (asking, waiting):
            task.cancel()
        await asyncio.gather(asking, waiting, return_exceptions=True)


def cookies(headers: Headers, name: str) -> tuple[str, ...]:
    """The values of the cookies of a name, eight at most."""
    parts = [part.strip().partition("=") for part in headers.get("cookie").split(";")]
    return tuple([value for known, _, value in parts if known == name][:8])


def session_of(scope: Any) -> Session | None:
    """The session that the gate found for a request."""
    found = scope.get("state", {}).get("session")
    return found if isinstance(found, Session) else None


def check_token(session: Session | None, form: dict[str, str], request: Any) -> None:
    """Refuse a form that did not come from a page of this session. Raises BadInput."""
    token = form.get("csrf") or request.headers.get("x-hb-csrf", "")
    if session is None or not session.csrf or not hmac.compare_digest(token.encode(), session.csrf.encode()):
        raise BadInput("the form is not from this session", "Load the page again, and send it from there.")
