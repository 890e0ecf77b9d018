"""ManageSieve (RFC 5804): the server lists its capabilities in quotes, IMPLEMENTATION among them, and ends with OK.

STARTTLS begins TLS. It refuses AUTHENTICATE, and never touches a script.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.identify.lines import product
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("sieve", tcp=(4190, 2000), speaks="server", names=("managesieve",), alpn=("managesieve",))
ENDS = (b"OK", b"NO", b"BYE")
MARKS = (
    ("Dovecot Pigeonhole", "Dovecot Pigeonhole sieved", "cpe:/a:dovecot:pigeonhole"),
    ("Dovecot", "Dovecot Pigeonhole sieved", "cpe:/a:dovecot:pigeonhole"),
    ("Cyrus timsieved", "Cyrus timsieved", "cpe:/a:cyrus:imap"),
    ("Stalwart ManageSieve", "Stalwart sieved", ""),
)


def talk(peer: Peer) -> Talk:
    """The capabilities that nobody asked for, and STARTTLS where it is one of them."""
    greeting = yield Ask(until=_greeted)
    told = _capabilities(greeting)
    if "IMPLEMENTATION" not in told and not {"SIEVE", "SASL", "VERSION"} <= told.keys():
        return None
    name, version, cpe = product(told.get("IMPLEMENTATION", ""), MARKS)
    starttls, tls = "", None
    if not peer.tls:
        starttls = "absent" if "STARTTLS" not in told else "offered" if told.get("SASL") else "required"
    if starttls in ("offered", "required"):
        agreed = yield Ask(b"STARTTLS\r\n", until=_ended)
        tls = (yield StartTls()) if agreed[:2].upper() == b"OK" else None
    return Identity(
        "sieve",
        name or told.get("IMPLEMENTATION", ""),
        version,
        info=f"protocol {told['VERSION']}" if told.get("VERSION") else "",
        cpe=cpe,
        evidence=text(greeting),
        starttls=starttls,
        tls=tls,
        facts=(("authentication", told["SASL"]),) if told.get("SASL") else (),
    )


def _capabilities(greeting: bytes) -> dict[str, str]:
    """Name and value of each line in quotes; empty where the list does not end with OK."""
    if not _ended(greeting) or greeting[:1] != b'"':
        return {}
    parts = [line.split(b'"') for line in greeting.split(b"\n") if line.startswith(b'"')]
    return {text(part[1]).upper(): text(part[3]) if len(part) > 3 else "" for part in parts if len(part) > 2}


def _ended(data: bytes) -> bool:
    """A whole line that begins with OK, NO or BYE."""
    return any(line.upper().startswith(ENDS) for line in data.split(b"\n")[:-1])


def _greeted(data: bytes) -> bool:
    return data[:1] != b'"' or _ended(data)
