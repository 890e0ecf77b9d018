"""Which port an address means: a number as people write it, the document beside it, or a service's name.

There is one address for each port, so that a link, a bookmark and a search lead to the same page: 01703 and TCP are
moved to 1703 and tcp, and a service's name to its port. What looks like a number and is none (0x16, -1, digits of
other scripts) is refused: guessing would show the page of another port.
"""

from __future__ import annotations

from urllib.parse import quote

from hb_engine.faces.web.page import Moved, NotThere
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry

HIGHEST = 65535
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")  # those that IANA registers for
ASKED_AS = {"mptcp": "tcp", "udplite": "udp"}  # RFC 8684; RFC 3828 5: the registrations are these
NUMBERS = "Ports are numbers from 0 to 65535, in the digits 0 to 9."
JSON = ".json"


@record
class Asked:
    """A port, one of its transports ("" for all), and whether the document is wanted instead of the page."""

    port: int
    transport: str = ""
    json: bool = False


def asked(text: str, registry: Registry, transport: str = "") -> Asked | Moved:
    """What the parts of an address mean, or where to go on. Raises NotThere for what is no port and no service."""
    bare, json = (text.removesuffix(JSON), True) if text.endswith(JSON) else (text, False)
    if transport.endswith(JSON):
        transport, json = transport.removesuffix(JSON), True
    spoken = _transport(transport)
    port = number(bare)
    if port is None:
        return _named(bare, registry, spoken)
    ending = JSON if json else ""
    after = f"/{spoken}" if spoken else ""
    if str(port) != bare or spoken != transport:
        return Moved(f"/ports/{port}{after}{ending}")
    return Asked(port, spoken, json)


def number(text: str) -> int | None:
    """A port of ASCII digits; None for what is no number. Raises NotThere for a number that is no port."""
    if not (text.isascii() and text.isdigit()):
        return None
    bare = text.lstrip("0") or "0"
    if len(bare) > 5 or int(bare) > HIGHEST:
        raise NotThere(f"there is no port {bare[:40]}: a port has 16 bits", NUMBERS)
    return int(bare)


def _transport(text: str) -> str:
    spoken = ASKED_AS.get(text.lower(), text.lower())
    if spoken and spoken not in TRANSPORTS:
        raise NotThere(f"there is no transport {text[:40]!r} with ports of its own", "The transports are tcp and udp.")
    return spoken


def _named(text: str, registry: Registry, transport: str) -> Moved:
    """A service's name: its port where it has one, the search where it has several."""
    rows = registry.named(text) if text else ()
    found = sorted({row.first for row in rows if row.first is not None and transport in ("", row.transport)})
    if not found:
        raise NotThere(f"there is no port {text[:40]!r}", f"{NUMBERS} A service's name leads to its port.")
    single = len(found) == 1 and all(row.first == row.last for row in rows if row.first is not None)
    if single:
        return Moved(f"/ports/{found[0]}{'/' if transport else ''}{transport}")
    return Moved(f"/search?q={quote(text, safe='')}")
