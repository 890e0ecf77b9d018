"""Tor's control port: PROTOCOLINFO, the one question that is answered before authentication, once on a connection.

The answer has the ways to authenticate, of which none is tried, and Tor's version. Source: Tor control protocol
(control-spec), "PROTOCOLINFO".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("tor-control", tcp=(9051, 9151), names=("tor-controlport",), anywhere=False)
QUESTION = b"PROTOCOLINFO 1\r\n"
START = b"250-PROTOCOLINFO "
NOT_HTTP = b"Tor ControlPort is not an HTTP proxy"


def talk(peer: Peer) -> Talk:
    """The question, and nothing else."""
    reply = bytes((yield Ask(QUESTION, until=_whole)))
    lines = [line.rstrip(b"\r") for line in reply.split(b"\n")]
    if not reply.startswith(START) or b"250 OK" not in lines:
        return None
    version = _after(lines, b'250-VERSION Tor="').partition(b'"')[0]
    methods = _after(lines, b"250-AUTH METHODS=").partition(b" ")[0]
    told = text(version)
    return Identity(
        "tor-control",
        "Tor control port",
        told,
        info=f"authentication: {text(methods)}" if methods else "",
        cpe=(f"cpe:/a:torproject:tor:{told}",) if told[:1].isdigit() else (),
        guarded=methods not in (b"", b"NULL"),
        evidence=text(b" ".join(lines[:3])),
    )


def hint(reply: bytes) -> bool:
    """What it says to an HTTP request."""
    return NOT_HTTP in reply[:200]


def _after(lines: list[bytes], start: bytes) -> bytes:
    """The rest of the first line that begins so."""
    return next((line[len(start) :] for line in lines if line.startswith(start)), b"")


def _whole(data: bytes) -> bool:
    """The last line of a reply has a space behind its code; what is no such reply ends with its first line."""
    return b"\n250 OK\r\n" in data or (b"\n" in data and not data.startswith(b"250-"))
