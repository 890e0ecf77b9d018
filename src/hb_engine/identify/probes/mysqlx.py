"""MySQL X protocol on TCP 33060: what the server can do, asked before anybody logs in.

Newer servers greet with an empty notice; all answer CapabilitiesGet. Where "tls" is among the capabilities it is begun.
Nobody logs in. Specification: MySQL, "X Protocol", mysqlx.proto and mysqlx_connection.proto.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.model.identity import Identity
from hb_engine.wire import protobuf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("mysqlx", tcp=(33060,), speaks="either", anywhere=False)
GET = b"\x01\0\0\0\x01"  # length, CON_CAPABILITIES_GET
OK, ERROR, CAPABILITIES, NOTICE = 0, 1, 2, 11
NOTICE_HELLO = b"\x05\0\0\0\x0b\x08\x05\x1a\0"


def talk(peer: Peer) -> Talk:
    """Ask for the capabilities, and begin TLS where it is one of them."""
    reply = yield Ask(GET, until=_whole)
    names = [name for kind, body in _messages(reply) if kind == CAPABILITIES for name in _names(body)]
    if "authentication.mechanisms" not in names and "doc.formats" not in names:
        return None
    tls = None
    if "tls" in names and not peer.tls:
        agreed = yield Ask(SET_TLS_REQUEST, until=_whole)
        if [kind for kind, _ in _messages(agreed)][-1:] == [OK]:
            tls = yield StartTls()
    return Identity(
        "mysqlx",
        "MySQL X protocol",
        starttls="offered" if "tls" in names else "absent",
        tls=tls,
        evidence=text(", ".join(names).encode()),
    )


def hint(reply: bytes) -> bool:
    """The notice with which newer servers greet."""
    return reply.startswith(NOTICE_HELLO)


def _set_tls() -> bytes:
    scalar = protobuf.number(1, 7) + protobuf.number(7, 1)  # V_BOOL, true
    value = protobuf.number(1, 1) + protobuf.octets(2, scalar)  # SCALAR
    capability = protobuf.octets(1, b"tls") + protobuf.octets(2, value)
    body = b"\x02" + protobuf.octets(1, protobuf.octets(1, capability))  # CON_CAPABILITIES_SET
    return len(body).to_bytes(4, "little") + body


def _messages(data: bytes) -> list[tuple[int, bytes]]:
    """The whole messages of a reply: length (little-endian, of type and body), type, body."""
    found: list[tuple[int, bytes]] = []
    while len(data) >= 5 and len(found) < 20:
        size = int.from_bytes(data[:4], "little")
        if not 1 <= size <= len(data) - 4:
            break
        found.append((data[4], bytes(data[5 : 4 + size])))
        data = data[4 + size :]
    return found


def _whole(data: bytes) -> bool:
    return any(kind != NOTICE for kind, _ in _messages(data))


def _names(body: bytes) -> list[str]:
    """The names of Capabilities: repeated field 1, whose own field 1 is a name."""
    capabilities = [value for field, value in protobuf.fields(body) if field == 1 and isinstance(value, bytes)]
    named = [value for each in capabilities for field, value in protobuf.fields(each) if field == 1]
    return [text(value) for value in named if isinstance(value, bytes)]


SET_TLS_REQUEST = _set_tls()
