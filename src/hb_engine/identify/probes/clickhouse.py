"""ClickHouse's native port (9000): a packet before the greeting is refused with an exception, and nobody logs in.

A greeting (Hello) is a login there, so a Ping is sent instead of it. HTTP requests are told which port is for HTTP.
The version is told only to who logs in. Specification: ClickHouse, "Native protocol: server" and its source.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("clickhouse", tcp=(9000,), tls=(9440,), names=("clickhouse-native",), anywhere=False)
PING = b"\x04"
EXCEPTION = b"\x02"
UNEXPECTED = b"\x65\0\0\0"  # 101, UNEXPECTED_PACKET_FROM_CLIENT
HTTP_WORDS = b"is for clickhouse-client program"


def talk(peer: Peer) -> Talk:
    """Ping without a greeting; where that is met with silence, an HTTP request."""
    reply = yield Ask(PING, until=_whole)
    named = _exception(bytes(reply))
    if named or (reply and not reply.startswith(b"HTTP/")) or not (yield Reconnect()):
        return named
    reply = yield Ask(b"GET / HTTP/1.0\r\n\r\n", until=b"for HTTP")
    if not hint(reply):
        return None
    return Identity("clickhouse", "ClickHouse", cpe=CPE, proof="banner", evidence=text(reply.partition(b"\r\n\r\n")[2]))


CPE = ("cpe:/a:clickhouse:clickhouse",)


def hint(reply: bytes) -> bool:
    """What an HTTP request is told: Port 9000 is for clickhouse-client program."""
    return HTTP_WORDS in reply[:400]


def _whole(data: bytes) -> bool:
    return data[:1] != EXCEPTION or len(data) > 40


def _exception(reply: bytes) -> Identity | None:
    """Exception: packet type, code, name (a length and text), message."""
    size = reply[5] if len(reply) > 6 else 0
    if reply[:1] != EXCEPTION or reply[6 : 6 + size] != b"DB::NetException" or reply[1:5] != UNEXPECTED:
        return None
    return Identity("clickhouse", "ClickHouse", cpe=CPE, evidence=text(reply[7 + size :]))
