"""Trouble as a problem document (RFC 9457, application/problem+json), in the words of the command line's contract.

Its members are those of the error document (schema hb/1: error, message, remedy) and those of the RFC. It refuses to
tell strangers, or anybody, what went wrong inside of hb: that is in the terminal of hb serve.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException

from hb_engine.faces.web.troubles import STATUS
from hb_engine.model.errors import BadInput, CannotLook, HbError
from hb_engine.wire.json_text import document, members, value

MEDIA = "application/problem+json"
PREFIX = "/api/"
ANEW = {"cache-control": "private, no-store", "vary": "cookie"}
SCHEME = "hb-link"  # how one signs in: by the link that hb serve printed. RFC 9110 11.6.1 wants a name


class NotYet(CannotLook):
    """What is asked for cannot be told now; answered with 503."""


class NotAllowed(BadInput):
    """The address is there, and answers no such method; answered with 405."""


def is_for_programs(path: str) -> bool:
    """Whether whoever asks for an address wants JSON: the API, and the documents beside the pages."""
    return path.startswith(PREFIX) or path.endswith(".json")


def problem(error: Exception) -> Response[bytes]:
    """The document of an error: ours with its remedy, HTTP's by its number, anything else as a fault of hb."""
    status, kind, message, remedy = _told(error)
    headers = {**ANEW, **_headers(status)}
    return Response(written(status, kind, message, remedy), media_type=MEDIA, status_code=status, headers=headers)


def written(status: int, kind: str, message: str, remedy: str) -> bytes:
    """The bytes of a document; `kind` is its word for programs."""
    told: dict[str, Any] = {
        "schema": "hb/1",
        "kind": "error",
        "error": kind,
        "message": message,
        "remedy": remedy,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
    }
    return document(lambda q: members([(name, value(item, q)) for name, item in told.items()], q)).encode()


def _told(error: Exception) -> tuple[int, str, str, str]:
    if isinstance(error, HTTPException) and error.status_code == 405:
        error = NotAllowed("this address answers GET and HEAD only", "GET it.")
    if isinstance(error, HTTPException) and error.status_code < 500:
        if error.status_code == 404:
            return 404, "not-there", "there is no such address", "GET /api/v1/openapi.json lists all that there are."
        return error.status_code, "bad-input", "that cannot be asked so", "GET /api/v1/openapi.json tells how."
    if isinstance(error, HbError):
        status = 405 if isinstance(error, NotAllowed) else 500
        status = next((number for kind, number in STATUS if status == 500 and isinstance(error, kind)), status)
        return status, _kind(error), error.message, error.remedy
    return 500, "fault", "hb has made a mistake", "The terminal that runs hb serve shows where."


def _headers(status: int) -> dict[str, str]:
    if status == 401:
        return {"www-authenticate": SCHEME}
    if status == 503:
        return {"retry-after": "2"}
    return {"allow": "GET, HEAD"} if status == 405 else {}


def _kind(error: HbError) -> str:
    """The class as a word for programs, as export/documents.error has it: bad-input, cannot-look, not-there."""
    return "".join([f"-{c.lower()}" if c.isupper() else c for c in type(error).__name__]).lstrip("-")
