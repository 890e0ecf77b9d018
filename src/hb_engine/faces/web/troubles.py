"""Trouble as a page: what happened, where, and what to do next, in the status that HTTP has for it (RFC 9110 15)."""

from __future__ import annotations

import sys
from traceback import format_exception

from litestar.exceptions import HTTPException

from hb_engine.faces.text import escape
from hb_engine.faces.web.page import Ask, NoRight, NoSession, NotThere, Shown
from hb_engine.model.errors import BadInput, CannotLook, DataError, HbError, Unreachable

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotThere, 404),
    (NoSession, 401),
    (NoRight, 403),
    (BadInput, 400),
    (Unreachable, 502),
    (DataError, 503),
    (CannotLook, 503),
)


def told(ask: Ask, error: Exception) -> Shown:
    """The page of an error: ours with its remedy, HTTP's by its number, anything else as a fault of hb."""
    say = ask.language.say
    if isinstance(error, HbError):
        status = next((number for kind, number in STATUS if isinstance(error, kind)), 500)
        return _page(status, error.message, error.remedy)
    if isinstance(error, HTTPException) and error.status_code < 500:
        if error.status_code == 404:
            return _page(404, say("There is no such page."), say("Search for a port, a service or a machine."))
        return _page(error.status_code, say("That cannot be asked so."), say("Go back, and use the page's own links."))
    _tell(error)
    return _page(500, say("hb has made a mistake."), say("The terminal that runs hb serve shows where."))


def _tell(error: Exception) -> None:
    """Show where it happened to whoever runs hb serve; a stranger's text may be in it, and is made visible."""
    lines = "".join(format_exception(error)).splitlines()
    sys.stderr.write("".join([f"{escape(line)}\n" for line in lines]))


def _page(status: int, message: str, remedy: str) -> Shown:
    return Shown("trouble.html", {"status": status, "message": message, "remedy": remedy}, status)
