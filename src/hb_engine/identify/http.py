"""HTTP/1 as strangers speak it: one request for one page, and a lenient, bounded reader of what comes back.

Lenient, because cameras and switches bend RFC 9112 in every way; bounded, because a page may be endless, lie about its
length, or unpack to gigabytes. A page is headers and at most BODY bytes of body. It refuses to follow a redirect, to
keep a cookie, to send anything but GET (and what a probe builds itself), and to call anything HTTP that has no status
line. RFC 9110 is the meaning, 9112 the syntax; RTSP, SIP and ICY look alike and are none.
"""

from __future__ import annotations

from hb_engine.identify.kit import EVIDENCE, LIMIT, text
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Peer

HEAD = 32768  # bytes in which the headers have to end
HEADERS = 100  # that are kept
VALUE = 1024  # bytes of a header that are kept
BODY = 65536  # bytes of a body, unpacked
TITLE = 1024  # bytes between <title> and </title> that are looked at
INTERIM = 8  # responses 1xx that are passed over (RFC 9110 15.2)
PACKED = {"gzip": 47, "x-gzip": 47, "deflate": 47}  # zlib's window bits: both wrappings, found by themselves
PAGES_WITHOUT_STATUS = (b"<!doctype html", b"<html")


@record
class Page:
    """One response. Header names are in lower case; the body is bounded and unpacked. `path` is what was asked."""

    status: int
    reason: str
    protocol: str  # HTTP/1.1, HTTP/2
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    path: str = "/"
    port: int = 0
    tls: bool = False

    def header(self, name: str) -> str:
        """The first header of this name (in lower case), or an empty text."""
        return next((value for key, value in self.headers if key == name), "")

    def cookie(self, start: str) -> bool:
        """Whether it sets a cookie whose name begins so."""
        return any(key == "set-cookie" and value.startswith(start) for key, value in self.headers)

    def json(self) -> dict[str, object]:
        """The body as a JSON object; empty if it is none. It is shared: nobody changes it."""
        return _object(self.body) if self.body.lstrip()[:1] == b"{" else {}


def get(peer: Peer, path: str = "/", more: tuple[str, ...] = ()) -> bytes:
    """A request for a page, on a connection that ends with it. `more` are further header lines."""
    return request(peer, "GET", path, ("Accept: */*", *more))


def request(peer: Peer, method: str, path: str, more: tuple[str, ...], body: bytes = b"") -> bytes:
    """A request of any method, as a probe needs it; the length of a body is told."""
    length = (f"Content-Length: {len(body)}",) if body or method == "POST" else ()
    lines = (
        f"{method} {path} HTTP/1.1",
        f"Host: {host(peer)}",
        "User-Agent: hb-engine",
        "Accept-Encoding: identity",
        *more,
        *length,
        "Connection: close",
    )
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def host(peer: Peer) -> str:
    """The Host header (RFC 9110 7.2): addresses of IPv6 in brackets, the port unless it is the scheme's own."""
    name = f"[{peer.host}]" if ":" in peer.host else peer.host
    if not name.isascii():
        name = _ascii(name)
    return name if peer.port == (443 if peer.tls else 80) else f"{name}:{peer.port}"


def read(data: bytes, path: str = "/", peer: Peer | None = None) -> Page | None:
    """The page in a reply, be it cut short; None where no status line of HTTP/1 begins it."""
    for _ in range(INTERIM):
        head, rest = _split(data)
        status = _status(head[0])
        if status is None:
            return None
        if 100 <= status[1] < 200 and status[1] != 101:
            data = rest
            continue
        at = (path, peer.port, peer.tls) if peer else (path,)
        page = Page(status[1], status[2], status[0], _headers(head[1:]), b"", *at)
        return replace(page, body=body_of(page, rest))
    return None


def is_whole(data: bytes) -> bool:
    """Whether a reply holds a whole response, or as much of one as is ever looked at, or can never be one."""
    if len(data) >= LIMIT:
        return True
    if data[:5] != b"HTTP/"[: len(data)]:
        return not data[:1].isspace() and not may_be_old(data)
    for _ in range(INTERIM):
        head, rest = _split(data, whole=True)
        if not head:
            return len(data) > HEAD
        status = _status(head[0])
        if status is None:
            return True
        if not 100 <= status[1] < 200 or status[1] == 101:
            return _body_is_whole(status[1], dict(_headers(head[1:])), rest)
        data = rest
    return True


def title(page: Page) -> str:
    """What stands between <title> and </title>, entities decoded once, at most kit.EVIDENCE characters."""
    lowered = page.body.lower()
    start = lowered.find(b"<title")
    start = lowered.find(b">", start) + 1 if start >= 0 else 0
    if not start:
        return ""
    end = lowered.find(b"</title", start, start + TITLE)
    raw = text(page.body[start : end if end >= 0 else start + TITLE], TITLE)
    if "&" in raw:
        import html  # only titles with entities; one pass, so that nothing unfolds twice

        raw = text(html.unescape(raw).encode("utf-8", "replace"), TITLE)
    return raw[:EVIDENCE]


def realm(value: str) -> str:
    """The realm of a WWW-Authenticate or Proxy-Authenticate header (RFC 9110 11.5)."""
    at = value.lower().find("realm=")
    if at < 0:
        return ""
    rest = value[at + 6 :]
    if not rest.startswith('"'):
        return rest.partition(",")[0].strip()[:EVIDENCE]
    return rest[1:].replace('\\"', "'").partition('"')[0][:EVIDENCE]


def may_be_old(data: bytes) -> bool:
    """Whether bytes could be an answer of HTTP/0.9: no head at all, a page, and then the end."""
    lowered = data[:14].lower()
    return any(lowered == start[: len(lowered)] or lowered.startswith(start) for start in PAGES_WITHOUT_STATUS)


def _object(body: bytes, last: list[tuple[bytes, dict[str, object]]] = []) -> dict[str, object]:  # noqa: B006
    """Parsed once for all who look at the same page, one after another."""
    import json  # only pages that look like it

    if not last or last[0][0] is not body:
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            value = None
        last[:] = [(body, value if isinstance(value, dict) else {})]
    return last[0][1]


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return "hb.invalid"  # RFC 2606: nobody's name


def _split(data: bytes, *, whole: bool = False) -> tuple[list[bytes], bytes]:
    """Lines of a head, and what follows the empty line behind it. Lines may end with LF alone (RFC 9112 2.2).

    Without an empty line all is head; with `whole` there are no lines then.
    """
    head = data[:HEAD]
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n", b"\n\r\n") if (at := head.find(mark)) >= 0]
    if not ends and whole:
        return [], b""
    at, size = min(ends) if ends else (len(head), 0)
    return [line.rstrip(b"\r") for line in head[:at].split(b"\n")], data[at + size :]


def _status(line: bytes) -> tuple[str, int, str] | None:
    """HTTP/1.1 200 OK, also without a reason, or without the dot's second digit, as small servers write it."""
    protocol, _, rest = line.partition(b" ")
    code, _, reason = rest.lstrip(b" ").partition(b" ")
    number, dot, minor = protocol[5:].partition(b".")
    if protocol[:5] != b"HTTP/" or not number.isdigit() or len(protocol) > 8 or (dot and not minor.isdigit()):
        return None
    if len(code) != 3 or not code.isdigit() or not b"1" <= code[:1] <= b"9":
        return None
    return protocol.decode("ascii"), int(code), text(reason)


def _headers(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    found = list[tuple[str, str]]()
    for line in lines[:HEADERS]:
        name, colon, value = line.partition(b":")
        if colon and name and not name[:1].isspace():  # a folded line (RFC 9112 5.2) is left out
            found.append((text(name, 100).lower(), text(value, VALUE)))
    return tuple(found)


def body_of(page: Page, rest: bytes) -> bytes:
    """The body without its framing and packing, at most BODY bytes."""
    if page.status in (204, 304):
        return b""
    if "chunked" in page.header("transfer-encoding").lower():
        rest = _unchunked(rest)[0]
    else:
        length = page.header("content-length")
        rest = rest[: int(length)] if _is_length(length) else rest
    bits = PACKED.get(page.header("content-encoding").strip().lower())
    return _unpacked(rest, bits) if bits else rest[:BODY]


def _body_is_whole(status: int, headers: dict[str, str], rest: bytes) -> bool:
    if status in (101, 204, 304):
        return True
    if len(rest) >= BODY:
        return True
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _unchunked(rest)[1]
    length = headers.get("content-length", "")
    return _is_length(length) and len(rest) >= int(length)


def _is_length(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 16


def _unchunked(data: bytes) -> tuple[bytes, bool]:
    """Chunks joined (RFC 9112 7.1), and whether the last was seen, or something that can be no chunk."""
    parts, at, size = list[bytes](), 0, 0
    while size < BODY:
        end = data.find(b"\n", at, at + 256)
        if end < 0:
            return b"".join(parts), len(data) - at >= 256
        digits = data[at:end].partition(b";")[0].strip()
        length = _hex(digits)
        if length <= 0:
            return b"".join(parts), True
        piece = data[end + 1 : end + 1 + min(length, BODY)]
        parts.append(piece)
        size += len(piece)
        at = end + 1 + length
        if at > len(data):
            return b"".join(parts), False
        at += 2 if data[at : at + 2] == b"\r\n" else 1
    return b"".join(parts), True


def _hex(digits: bytes) -> int:
    """A chunk's size; -1 where it is none."""
    if not 1 <= len(digits) <= 8 or digits.strip(b"0123456789abcdefABCDEF"):
        return -1
    return int(digits, 16)


def _unpacked(data: bytes, bits: int) -> bytes:
    """At most BODY bytes of what was packed although nobody asked for it; a bomb unfolds no further."""
    import zlib  # only pages that are packed all the same

    for wrapping in (bits, -15):  # deflate often comes without its wrapping (RFC 9110 8.4.1.2)
        try:
            return zlib.decompressobj(wrapping).decompress(data, BODY)
        except zlib.error:
            continue
    return b""
