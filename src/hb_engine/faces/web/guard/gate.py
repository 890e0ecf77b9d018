"""The gate before everything: Host and Origin, the session's cookie, and the headers that a browser is to obey.

It stands as plain ASGI before the application, so that no route can be forgotten.
"""

from __future__ import annotations

import hmac
from typing import Any

from hb_engine.faces.web.guard.sessions import Session
from hb_engine.model.errors import BadInput

COOKIE = "hb_session"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Gate:
    """Lets in what may come in. `sessions` are by their secrets."""

    def __init__(self, sessions: dict[str, Session] | None = None) -> None:
        self.sessions = sessions or {}

    def before(self, app: Any) -> Any:
        """An ASGI application behind this gate."""

        async def gated(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                scope.setdefault("state", {})["session"] = self._session(scope)
            await app(scope, receive, send)

        return gated

    def _session(self, scope: Any) -> Session | None:
        cookies = [value for name, value in scope["headers"] if name == b"cookie"]
        for part in b";".join(cookies).decode("latin-1").split(";"):
            name, _, value = part.strip().partition("=")
            if name == COOKIE and value in self.sessions:
                return self.sessions[value]
        return None


def session_of(scope: Any) -> Session | None:
    """The session that the gate found for a request."""
    found = scope.get("state", {}).get("session")
    return found if isinstance(found, Session) else None


def check_token(session: Session | None, form: dict[str, str], request: Any) -> None:
    """Refuse a form that did not come from a page of this session. Raises BadInput."""
    token = form.get("csrf") or request.headers.get("x-hb-csrf", "")
    if session is None or not hmac.compare_digest(token.encode(), session.csrf.encode()):
        raise BadInput("the form is not from this session", "Load the page again, and send it from there.")
