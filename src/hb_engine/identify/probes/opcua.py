"""OPC UA on TCP 4840: the hello of its binary transport (OPC 10000-6, 7.1.2), and its acknowledgement or error.

Controllers speak it, so it is asked only where a person said so, once. No channel is opened.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("opcua-tcp", tcp=(4840,), names=("opc-ua",), care="asked", anywhere=False)
HELLO, ACKNOWLEDGE, ERROR = b"HELF", b"ACKF", b"ERRF"
BUFFER = 65535


def talk(peer: Peer) -> Talk:
    """Hello with protocol version 0, our buffers and the endpoint's URL."""
    host = f"[{peer.host}]" if ":" in peer.host else peer.host
    url = f"opc.tcp://{host}:{peer.port}".encode()
    body = b"".join(_number(value) for value in (0, BUFFER, BUFFER, 0, 0, len(url))) + url
    reply = bytes((yield Ask(HELLO + _number(8 + len(body)) + body, until=framed(4, 4, 0, "little"))))
    if len(reply) < 16 or int.from_bytes(reply[4:8], "little") != len(reply):
        return None
    if reply[:4] == ACKNOWLEDGE and len(reply) == 28:
        version = int.from_bytes(reply[8:12], "little")
        return Identity("opcua-tcp", info=f"protocol version {version}", evidence="ACK to our hello")
    if reply[:4] == ERROR and reply[11] & 0x80:  # a bad status code (OPC 10000-4, 7.38)
        return Identity("opcua-tcp", info="refuses our hello", evidence=f"ERR {text(reply[16:])}".strip(), guarded=True)
    return None


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")
