"""One polite GET, with a bound on everything that a server could overdo: size, time, and where it sends us.

hb goes to the network only when a person asks (`--pressure`, `update`), to one host, and says who it is. Any status
is an answer here and judged by the caller; only what is no answer at all is Unreachable. This module refuses
redirects to other hosts or from https to http, compressed bodies (a bomb may be in them), and URLs that are not http
or https.
"""

from __future__ import annotations

import time

import hb_engine
from hb_engine.model.errors import BadInput, TooSoon, Unreachable
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    class Fetch(Protocol):
        """What `fetch` is; tests bring their own."""

        def __call__(
            self, url: str, headers: Mapping[str, str], *, limit: int, timeout: float, progress: Progress | None = None
        ) -> Answer: ...

    Progress = Callable[[int, int | None], None]  # bytes that came, and bytes announced (None if not)


URL = ""  # the project's page, for the User-Agent
PIECE = 65536  # bytes read at once
REDIRECTS = 3
MOVED = (301, 302, 303, 307, 308)
PATIENCE = 300.0  # seconds to leave a server alone that does not say how long (SANS ISC: "stop 5 minutes")
LONGEST_WAIT = 86400.0  # seconds; a longer demand is cut to this
LATER = "Try again later. What hb had before is kept."
NETWORK = "Check the network, the proxy variables and the clock, then try again. What hb had before is kept."


@record
class Answer:
    """What a server said. Header names are in lower case; `body` is at most as long as was allowed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """A header by its lower-case name; empty if it was not sent."""
        return dict(self.headers).get(name, "")


def user_agent(mail: str = "", url: str = URL) -> str:
    """hb-engine/VERSION (+URL; MAIL), without what is not known.

    Raises BadInput for a mail address that could break out of the header.
    """
    if mail and ("@" not in mail or not mail.isascii() or not mail.isprintable() or set(mail) & set(' ()<>;,"\\')):
        raise BadInput(f"{mail[:60]!r} is no mail address", "Set one such as admin@example.org, or none.")
    who = "; ".join(part for part in (f"+{url}" if url else "", mail) if part)
    return f"hb-engine/{hb_engine.__version__}{f' ({who})' if who else ''}"


def fetch(
    url: str,
    headers: Mapping[str, str],
    *,
    limit: int,
    timeout: float,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """GET a URL. `limit` is in bytes; `timeout` in seconds, for every wait and for the whole.

    `progress` is told the bytes that came and the bytes announced (None if not). `clock` is monotonic, in seconds.
    Raises Unreachable for no answer, one cut short, one too long, one too slow, and a redirect elsewhere.
    """
    from http.client import HTTPException  # 60 ms with what follows; only who asked for the net pays

    host = _host(url)
    started = clock()
    try:
        return _get(
            url, headers, timeout, lambda reply: _body(reply, limit, lambda: clock() - started > timeout, progress)
        )
    except Unreachable as error:
        raise Unreachable(f"{host}: {error.message}", error.remedy or LATER) from error
    except (OSError, HTTPException, ValueError) as error:  # URLError and timeouts are OSErrors; bad ports ValueErrors
        reason = getattr(error, "reason", None) or error
        raise Unreachable(f"{host} gave no answer: {_plain(reason)}", NETWORK) from error


def refuse_errors(answer: Answer, host: str, now: float) -> None:
    """Raise for every status but 200 and 304: TooSoon for 429 and 503 (`wait_of` says how long), else Unreachable."""
    if answer.status in (200, 304):
        return
    if answer.status in (429, 503):
        seconds = wait_of(answer.header("retry-after"), now)
        raise TooSoon(
            f"{host} asks to be left alone (HTTP {answer.status})",
            f"Ask again in {spoken(seconds)}; hb does not ask before.",
        )
    if answer.status == 403:
        raise Unreachable(
            f"{host} refuses this program (HTTP 403)",
            "It wants to know whom it may write to: set a mail address for hb to send along, and try later.",
        )
    raise Unreachable(f"{host} answered with HTTP {answer.status}", LATER)


def wait_of(retry_after: str, now: float) -> float:
    """Seconds to wait by a Retry-After header (RFC 9110 10.2.3: seconds or a date); PATIENCE if it is unusable."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    from email.utils import parsedate_to_datetime  # only after a refusal

    try:
        seconds = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return PATIENCE
    return min(max(seconds, 1.0), LONGEST_WAIT)


def spoken(seconds: float) -> str:
    """A time to wait in words, rounded up: 40 seconds, 5 minutes, 3 hours."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(-(-seconds // length))
            return f"{count} {unit}{'s' * (count > 1)}"
    count = max(int(-(-seconds // 1)), 1)
    return f"{count} second{'s' * (count > 1)}"


def _get(url: str, headers: Mapping[str, str], timeout: float, read: Callable[[Any], bytes]) -> Answer:
    """An answer, by way of redirects within the host."""
    opener = _opener()
    for _ in range(REDIRECTS + 1):
        with opener.open(_request(url, headers), timeout=timeout) as reply:
            target = reply.headers.get("Location")
            if reply.status not in MOVED or not target:
                found = tuple((name.lower(), value) for name, value in reply.headers.items())
                return Answer(reply.status, found, read(reply))
            url = _followed(url, target)
    raise Unreachable("it sends us in circles")


def _body(reply: Any, limit: int, late: Callable[[], bool], progress: Progress | None) -> bytes:
    coding = reply.headers.get("Content-Encoding", "identity")
    if coding != "identity":
        raise Unreachable(f"it answered in the coding {_plain(coding)}, which was not asked for")
    length = reply.headers.get("Content-Length", "")
    announced = int(length) if length.isascii() and length.isdigit() and len(length) < 12 else None
    if announced is not None and announced > limit:
        raise Unreachable(f"its answer of {announced} bytes is longer than the {limit} that are read")
    pieces = []
    size = 0
    while piece := reply.read1(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise Unreachable(f"its answer is longer than the {limit} bytes that are read")
        if late():
            raise Unreachable(f"its answer came too slowly: {size} bytes, then time was up")
        if progress:
            progress(size, announced)
    if announced is not None and size < announced and reply.status != 304:
        raise Unreachable(f"its answer ended after {size} of {announced} bytes")
    return b"".join(pieces)


def _request(url: str, headers: Mapping[str, str]) -> Any:
    from urllib.request import Request

    return Request(url, headers={"Accept-Encoding": "identity", **headers})  # noqa: S310  (http or https: _host checked)


def _opener() -> Any:
    """An opener for http and https only, through the person's proxy, that judges no status and follows no redirect."""
    from urllib import request

    opener = request.OpenerDirector()
    kinds = [request.ProxyHandler, request.UnknownHandler, request.HTTPHandler]
    if hasattr(request, "HTTPSHandler"):  # not in a Python built without ssl: then https is "unknown url type"
        kinds.append(request.HTTPSHandler)
    for kind in kinds:
        opener.add_handler(kind())
    return opener


def _followed(url: str, target: str) -> str:
    """Where a redirect leads, if that is the same host, and not from https to http. Raises Unreachable otherwise."""
    from urllib.parse import urljoin

    found = urljoin(url, target)
    (old_scheme, *old_place), (new_scheme, *new_place) = _origin(url), _origin(found)
    if old_place != new_place or new_scheme not in (old_scheme, "https"):
        raise Unreachable(f"it sends us elsewhere, to {_plain(target)}", "hb follows no redirect to another host.")
    return found


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port. http and https on their default ports count as the same place."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    port = None if parts.port in (None, 80, 443) else parts.port
    return parts.scheme, (parts.hostname or "").lower(), port


def _host(url: str) -> str:
    """The host of a URL, for messages. Raises BadInput for one that is not of the web."""
    if not url.startswith(("https://", "http://")):
        raise BadInput(f"{url[:80]!r} is not an address that hb fetches from", "Use one that begins with https://.")
    return _plain(url.split("/")[2]) or "nobody"


def _plain(value: object) -> str:
    """Strangers' text for a message: short, and without anything that a terminal could obey."""
    return ascii(str(value))[1:-1][:120]
