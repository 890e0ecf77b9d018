"""Memcached on TCP and UDP 11211: `version` changes nothing and is answered without a login.

A server that wants a login (SASL) speaks only the binary protocol, and tells its version there to everybody; the data
port of Couchbase speaks the same. On UDP one question is one small answer.
Specification: memcached, doc/protocol.txt and the binary protocol's description (BinaryProtocolRevamped).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, framed, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("memcached", tcp=(11211, 11210), tls=(11207,), udp=(11211,), names=("memcache", "couchbase"))
LINE = b"\r\n"
QUESTION = b"version\r\n"


def talk(peer: Peer) -> Talk:
    """`version`, in text; in binary where text is not understood."""
    if peer.transport == "udp":
        number = peer.nonce[:2]
        reply = yield Ask(number + b"\0\0\0\1\0\0" + QUESTION)
        framed_well = reply[:2] == number and reply[2:8] == b"\0\0\0\1\0\0"
        return _named(reply[8:], "nonce") if framed_well else None
    reply = yield Ask(QUESTION, until=LINE)
    named = _named(reply, "banner")
    if named or reply or peer.port not in PROBE.tcp + PROBE.tls or not (yield Reconnect()):
        return named  # elsewhere, silence is not worth another connection
    opaque = peer.nonce[:4]
    # request, VERSION, no key, no extras, no body, our number, no cas
    reply = yield Ask(b"\x80\x0b" + bytes(10) + opaque + bytes(8), until=framed(10, 2, 24))
    size = int.from_bytes(reply[8:12], "big")
    if reply[:2] != b"\x81\x0b" or reply[12:16] != opaque or len(reply) != 24 + size:
        return None
    version = _version(reply[24:])
    if not version or reply[6:8] != b"\0\0":
        return Identity("memcached", info="binary protocol", proof="nonce", guarded=True, evidence=text(reply[24:]))
    return Identity("memcached", "", version, info="binary protocol", proof="nonce", evidence=text(reply[24:]))


def hint(reply: bytes) -> bool:
    """What memcached says to each line of an HTTP request."""
    return reply.startswith((b"ERROR\r\n", b"CLIENT_ERROR "))


def _named(reply: bytes, proof: str) -> Identity | None:
    word, _, rest = bytes(reply).partition(b" ")
    if word != b"VERSION" or not rest.endswith(LINE) or rest.count(b"\n") != 1:
        return None
    if rest.startswith(b"mcrouter "):
        return Identity("memcached", "mcrouter", _version(rest[9:-2]), proof=proof, evidence=text(reply))
    version = _version(rest[:-2])
    if not version:
        return Identity("memcached", proof=proof, evidence=text(reply))
    cpe = (f"cpe:/a:memcached:memcached:{version}",)
    return Identity("memcached", "Memcached", version, cpe=cpe, proof=proof, evidence=text(reply))


def _version(said: bytes) -> str:
    """The first word, where it begins with a digit."""
    word = said.split(b" ", 1)[0]
    return text(word) if word[:1].isdigit() else ""
