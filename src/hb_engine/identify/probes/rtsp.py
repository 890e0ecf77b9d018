"""RTSP on TCP 554 and 8554, inside TLS on 322: OPTIONS for the server as a whole (RFC 2326 10.1, RFC 7826).

The sequence number is ours and must come back. No stream is described, set up or played.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("rtsp", tcp=(554, 8554), tls=(322,), names=("rtsps", "rtsp-alt"))
STARTS = (b"RTSP/1.0 ", b"RTSP/2.0 ")
END = b"\r\n\r\n"


def talk(peer: Peer) -> Talk:
    """One OPTIONS."""
    sequence = b"%d" % (int.from_bytes(peer.nonce[:3], "big") + 1)
    reply = yield Ask(b"OPTIONS * RTSP/1.0\r\nCSeq: " + sequence + b"\r\nUser-Agent: hb-engine\r\n\r\n", until=END)
    status, *lines = bytes(reply).partition(END)[0].split(b"\r\n")
    if not status.startswith(STARTS) or not status[9:12].isdigit():
        return None
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    if fields.get(b"cseq", sequence) != sequence:
        return None
    server = text(fields.get(b"server", b""))
    name, slash, version = server.partition(" ")[0].partition("/")
    named = bool(slash) and version[:1].isdigit()
    return Identity(
        "rtsp",
        name if named else server,
        version if named else "",
        info=f"protocol {status[5:8].decode()}",
        proof="nonce" if b"cseq" in fields else "banner",
        evidence=text(status),
        guarded=status[9:12] in (b"401", b"403"),
        facts=(("methods", text(fields[b"public"])),) if b"public" in fields else (),
    )


def hint(reply: bytes) -> bool:
    """What an RTSP server says to an HTTP request."""
    return reply.startswith(STARTS)
