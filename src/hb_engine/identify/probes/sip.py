"""SIP on UDP and TCP 5060, and inside TLS on TCP 5061: OPTIONS, which asks what a server can do (RFC 3261 11).

Any status with our Call-ID proves it. Max-Forwards is 0, so that nobody passes the request on (RFC 3261 8.1.1.6). No
call, registration or subscription is ever begun.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("sip", tcp=(5060,), tls=(5061,), udp=(5060,), names=("sips", "sip-tls"))
START = b"SIP/2.0 "
END = b"\r\n\r\n"
# How a Server or User-Agent field begins, the product, and its CPE.
PRODUCTS = (
    ("kamailio (", "Kamailio", "kamailio:kamailio"),
    ("OpenSIPS (", "OpenSIPS", "opensips:opensips"),
    ("OpenSER (", "OpenSER", ""),
    ("Asterisk PBX ", "Asterisk", "digium:asterisk"),
    ("FreeSWITCH-mod_sofia/", "FreeSWITCH", "freeswitch:freeswitch"),
)


def talk(peer: Peer) -> Talk:
    """One OPTIONS for the server itself."""
    call = peer.nonce.hex()
    reply = yield Ask(_options(peer, call), until=END)
    head = bytes(reply).partition(END)[0]
    status, *lines = head.split(b"\r\n")
    if not status.startswith(START) or not status[8:11].isdigit() or status[11:12] != b" ":
        return None
    fields = _fields(lines)
    if fields.get(b"call-id", fields.get(b"i", b"")) != call.encode():
        return None
    said = text(fields.get(b"server") or fields.get(b"user-agent", b""))
    product, version, cpe = _product(said)
    return Identity(
        "sip",
        product,
        version,
        info=said if said and not version else "",
        cpe=(f"cpe:/a:{cpe}:{version}",) if cpe and version else (),
        proof="nonce",
        evidence=text(status),
        guarded=status[8:11] in (b"401", b"403", b"407"),
        facts=(("allow", text(fields[b"allow"])),) if b"allow" in fields else (),
    )


def hint(reply: bytes) -> bool:
    """A SIP server that reads any other request answers it as SIP."""
    return reply.startswith(START)


def _options(peer: Peer, call: str) -> bytes:
    way = "TLS" if peer.tls else peer.transport.upper()
    scheme = "sips" if peer.tls else "sip"
    host = f"[{peer.host}]" if ":" in peer.host else peer.host
    lines = (
        f"OPTIONS {scheme}:{host}:{peer.port} SIP/2.0",
        f"Via: SIP/2.0/{way} hb.invalid;branch=z9hG4bK{call[:16]};rport",
        "Max-Forwards: 0",
        f"From: <{scheme}:hb-engine@hb.invalid>;tag={call[:8]}",
        f"To: <{scheme}:{host}:{peer.port}>",
        f"Call-ID: {call}",
        "CSeq: 1 OPTIONS",
        f"Contact: <{scheme}:hb-engine@hb.invalid>",
        "Accept: application/sdp",
        "User-Agent: hb-engine",
        "Content-Length: 0",
    )
    return "\r\n".join([*lines, "", ""]).encode()


def _fields(lines: list[bytes]) -> dict[bytes, bytes]:
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}


def _product(said: str) -> tuple[str, str, str]:
    for start, product, cpe in PRODUCTS:
        if said.lower().startswith(start.lower()):
            version = said[len(start) :].partition(" ")[0].strip("()")
            number = version.partition("~")[0] if version[:1].isdigit() else ""
            return product, version, cpe if number == version else ""
    name, slash, version = said.partition(" ")[0].partition("/")
    return (name, version, "") if slash and version[:1].isdigit() else (said.partition(" ")[0], "", "")
