"""Whether a request is one that a browser on these pages makes: its host, its origin, its method and its purpose.

Each function takes a request's headers and returns a Refusal, or None where nothing is to be said against it. They are
pure: nothing of a session is known here.

Sources: RFC 9110 7.2 (Host) and 9.2.1 (safe methods), RFC 9112 3.2, RFC 6454 (Origin), Fetch Metadata Request Headers
(W3C). Names are refused because of DNS rebinding: a page of another site whose name leads to 127.0.0.1 for a moment has
that name as its Host, and no other.
"""

from __future__ import annotations

from hb_engine.faces.web.language import mark
from hb_engine.model.record import record

METHODS = ("GET", "HEAD", "POST")
SAFE = ("GET", "HEAD")
NAMES = ("localhost", "127.0.0.1", "[::1]")
BODY = 1 << 17  # bytes of a request's body
OURS = ("same-origin", "none")  # Sec-Fetch-Site: a page of ours, or a person's own doing


@record
class Refusal:
    """A status, what is wrong, and what to do; both are message ids."""

    status: int
    message: str
    remedy: str


TWICE = Refusal(400, mark("The request says twice what may be said once."), mark("Use a browser of this decade."))
NO_HOST = Refusal(400, mark("The request does not say which host it is for."), mark("Use a browser of this decade."))
NO_PATH = Refusal(400, mark("The request is one for a proxy."), mark("Nothing is fetched for others here."))
WRONG_HOST = Refusal(
    421,
    mark("These pages are not served under that name."),
    mark("Use the address that hb serve printed: 127.0.0.1, localhost or [::1]. Other names could be another site's."),
)
WRONG_METHOD = Refusal(405, mark("That method is not taken."), mark("GET, HEAD and POST are."))
WRONG_ORIGIN = Refusal(
    403,
    mark("The form was sent by another site."),
    mark("Go to the page yourself, and send it from there."),
)
ELSEWHERE = Refusal(
    403,
    mark("Another site asked for this."),
    mark("Only a link that a person follows may lead here from elsewhere."),
)
AHEAD = Refusal(
    503, mark("The link is still good."), mark("It was fetched ahead, or only looked at. Open it to come in.")
)
TOO_LARGE = Refusal(413, mark("The request is too large."), mark("Say it in fewer words."))
TOO_SLOW = Refusal(408, mark("The request took too long to arrive."), mark("Send it again."))
FAULT = Refusal(500, mark("hb has made a mistake."), mark("The terminal that runs hb serve shows where."))
NOT_YOURS = Refusal(
    403,
    mark("This session belongs to another user of this machine."),
    mark("Whoever runs hb serve has a link for each person."),
)
NOT_FOR_YOU = Refusal(
    403,
    mark("These pages are for the user who started them."),
    mark("Run hb serve yourself: without rights it shows what you may see."),
)
NOBODY_S = Refusal(
    403,
    mark("Whose connection this is could not be found out, so nothing is shown over it."),
    mark("Use a browser on this machine, or ssh -L from another one."),
)
ONCE = ("host", "origin", "content-length", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")


class Headers:
    """A request's headers by their names, those that were said twice known."""

    __slots__ = ("_found", "twice")

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        self._found: dict[str, str] = {}
        self.twice: set[str] = set()
        for key, value in raw:
            name = key.decode("latin-1").lower()
            if name in self._found:
                self.twice.add(name)
                joined = "; " if name == "cookie" else ", "  # RFC 9110 5.3; RFC 9113 8.2.3 for cookies
                self._found[name] += joined + value.decode("latin-1")
            else:
                self._found[name] = value.decode("latin-1")

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def get(self, name: str) -> str:
        """A header's value, empty where there is none."""
        return self._found.get(name, "")


def port_of(host: str) -> int | None:
    """The port of a Host that we answer to (80 where none is said), None for any other Host."""
    name, colon, digits = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not colon:
        name, digits = host, "80"
    if name.lower() not in NAMES and not _is_loopback(name):
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5 and 0 < int(digits) <= 65535):
        return None
    return int(digits)


def refuse(method: str, path: str, headers: Headers) -> Refusal | None:
    """Whatever is to be said against a request before anybody is asked who sent it."""
    if not path.startswith("/"):
        return NO_PATH
    if headers.twice.intersection(ONCE):
        return TWICE
    if "host" not in headers:
        return NO_HOST
    if port_of(headers.get("host")) is None:
        return WRONG_HOST
    if method not in METHODS:
        return WRONG_METHOD
    length = headers.get("content-length")
    if length and not (length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= BODY):
        return TOO_LARGE
    return _reading(method, headers) if method in SAFE else _writing(headers)


def is_ahead(headers: Headers) -> bool:
    """Whether a browser only fetches ahead of a person (Sec-Purpose; Purpose and X-Moz of older ones)."""
    told = f"{headers.get('sec-purpose')} {headers.get('purpose')} {headers.get('x-moz')}".lower()
    return "prefetch" in told or "prerender" in told or "preview" in told


def _reading(method: str, headers: Headers) -> Refusal | None:
    """Other sites, and other ports of this machine (same-site), may lead a person here, and load nothing."""
    site = headers.get("sec-fetch-site").lower()
    if not site or site in OURS:
        return None
    led = headers.get("sec-fetch-mode").lower() == "navigate" and headers.get("sec-fetch-dest").lower() == "document"
    return None if led and method in SAFE else ELSEWHERE


def _writing(headers: Headers) -> Refusal | None:
    """What changes something comes from a page of ours: by Origin, or where a browser has none, by Sec-Fetch-Site.

    What has neither is refused: every browser of today says one of them, and a program can say Origin itself.
    """
    site = headers.get("sec-fetch-site").lower()
    if site and site not in OURS:
        return WRONG_ORIGIN
    if "origin" in headers:
        return None if headers.get("origin").lower() == f"http://{headers.get('host').lower()}" else WRONG_ORIGIN
    return None if site else WRONG_ORIGIN


def _is_loopback(name: str) -> bool:
    """Whether a name is an address of 127.0.0.0/8 as it is usually written: no address is anybody's name."""
    parts = name.split(".")
    return (
        len(parts) == 4
        and parts[0] == "127"
        and all(part.isascii() and part.isdigit() and str(int(part)) == part and int(part) < 256 for part in parts)
    )
