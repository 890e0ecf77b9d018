"""IPP, which printers speak inside HTTP: CUPS is known by its pages, others by the attributes of their printer.

Get-Printer-Attributes changes nothing and prints nothing; the number of our request comes back in its answer, whatever
the status. Specification: RFC 8010 (encoding), RFC 8011 4.2.5 (the operation).
"""

from __future__ import annotations

from hb_engine.identify import http
from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, text
from hb_engine.identify.products import cups, joined
from hb_engine.identify.webserver import facts_of
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.identify.kit import Talk

PROBE = Probe("ipp", tcp=(631,), names=("ipps", "cups", "http-ipp"), anywhere=False)
PATH = "/ipp/print"  # RFC 8010 3.1.1 leaves it open; IPP Everywhere (PWG 5100.14 4.2.1) says this one
GET_PRINTER_ATTRIBUTES = b"\x01\x01\x00\x0b"  # IPP 1.1, operation 0x000b
CHARSET, LANGUAGE, URI, KEYWORD = 0x47, 0x48, 0x45, 0x44
WANTED = ("printer-make-and-model", "printer-name", "printer-firmware-string-version", "ipp-versions-supported")
MOST = 64  # attributes that are read


def talk(peer: Peer) -> Talk:
    """GET / for CUPS, then the attributes of the printer."""
    page = http.read((yield Ask(http.get(peer), until=http.is_whole)), peer=peer)
    if page is None:
        return None
    named = cups.recognise(page)
    if named and "IPP/" in named.info:
        return joined(named, page)
    if not (yield Reconnect()):
        return named and joined(named, page)
    lines = ("Content-Type: application/ipp", "Accept: application/ipp")
    asked = http.request(peer, "POST", PATH, lines, question(peer))
    answer = http.read((yield Ask(asked, until=http.is_whole)), PATH, peer)
    printer = _identity(answer, page, peer) if answer else None
    return printer or (named and joined(named, page))


def question(peer: Peer) -> bytes:
    """Get-Printer-Attributes with a number from the nonce."""
    uri = f"ipp://{http.host(peer)}{PATH}"
    parts = [
        GET_PRINTER_ATTRIBUTES,
        number(peer),
        b"\x01",
        _attribute(CHARSET, "attributes-charset", "utf-8"),
        _attribute(LANGUAGE, "attributes-natural-language", "en"),
        _attribute(URI, "printer-uri", uri),
        *[_attribute(KEYWORD, "" if at else "requested-attributes", name) for at, name in enumerate(WANTED)],
    ]
    return b"".join(parts) + b"\x03"


def number(peer: Peer) -> bytes:
    """The number of our request, positive as RFC 8010 3.1.1 wants it."""
    return bytes((peer.nonce[0] & 0x7F | 1, *peer.nonce[1:4]))


def _attribute(tag: int, name: str, value: str) -> bytes:
    return b"".join([bytes((tag,)), *[len(part).to_bytes(2, "big") + part.encode() for part in (name, value)]])


def _identity(answer: Page, first: Page, peer: Peer) -> Identity | None:
    """Proved by our number in an IPP message; a printer that refuses the operation is a printer all the same."""
    if not answer.header("content-type").startswith("application/ipp") or answer.body[4:8] != number(peer):
        return None
    told = attributes(answer.body[8:])
    version = told.get("printer-firmware-string-version", "")
    return Identity(
        "ipp",
        told.get("printer-make-and-model", ""),
        version,
        info=f"IPP/{answer.body[0]}.{answer.body[1]}",
        device="printer",
        proof="nonce",
        evidence=f"IPP status {int.from_bytes(answer.body[2:4], 'big'):#06x} with our request's number",
        guarded=answer.status in (401, 403),
        facts=(*[("instance", name) for name in (told.get("printer-name", ""),) if name], *facts_of(first)),
    )


def attributes(data: bytes) -> dict[str, str]:
    """The first value of each attribute that is a text, as far as the message goes."""
    cursor, found = Cursor(data), dict[str, str]()
    try:
        while cursor.left and len(found) < MOST:
            tag = cursor.u8()
            if tag < 0x10:  # a new group, or the end (RFC 8010 3.5.1)
                if tag == 0x03:
                    break
                continue
            name, value = cursor.take(cursor.be16()), cursor.take(cursor.be16())
            if name and tag >= 0x40:
                found[text(name)] = text(value)
    except Truncated:
        pass  # cut off: what came before is told
    return found
