"""SNMP on UDP 161, by the discovery that every SNMPv3 engine answers to anybody (RFC 3414 4, RFC 3412).

The report names the engine: its vendor's enterprise number, how often it started and for how long it runs. Versions 1
and 2c would need a community, which is a password: none is ever tried, so an agent that speaks only those stays silent.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("snmp", udp=(161,))
SEQUENCE, INTEGER, OCTETS, REPORT, GET = 0x30, 2, 4, 0xA8, 0xA0
# IANA private enterprise numbers that are met often.
VENDORS = {
    9: "Cisco",
    11: "Hewlett-Packard",
    171: "D-Link",
    311: "Microsoft",
    674: "Dell",
    1588: "Brocade",
    2011: "Huawei",
    2435: "Brother",
    2636: "Juniper",
    4526: "Netgear",
    8072: "Net-SNMP",
    11863: "TP-Link",
    12356: "Fortinet",
    14988: "MikroTik",
    25461: "Palo Alto Networks",
    25506: "H3C",
    30065: "Arista",
    41112: "Ubiquiti",
}


def talk(peer: Peer) -> Talk:
    """One empty GET with no engine and no user; its message id must come back."""
    identifier = int.from_bytes(peer.nonce[:4], "big") & 0x3FFFFFFF | 0x10000000
    reply = bytes((yield Ask(_discovery(identifier))))
    message = _inside(reply, SEQUENCE)
    if len(message) < 4 or message[0] != (INTEGER, b"\3"):
        return None
    header, security = _inside(_tlv(*message[1]), SEQUENCE), _inside(message[2][1], SEQUENCE)
    if not header or header[0][0] != INTEGER or int.from_bytes(header[0][1], "big") != identifier or len(security) < 4:
        return None
    if [kind for kind, _ in security[:3]] != [OCTETS, INTEGER, INTEGER] or len(security[0][1]) < 5:
        return None
    return _named(*[value for _, value in security[:3]])


def _discovery(identifier: int) -> bytes:
    """SNMPv3 message: header, empty USM parameters, empty scoped GET (RFC 3412 6, RFC 3414 2.4)."""
    number = _tlv(INTEGER, identifier.to_bytes(4, "big"))
    header = number + _tlv(INTEGER, b"\0\xff\xe3") + _tlv(OCTETS, b"\4") + _tlv(INTEGER, b"\3")
    empty = _tlv(OCTETS, b"")
    usm = _tlv(SEQUENCE, empty + _tlv(INTEGER, b"\0") * 2 + empty * 3)
    get = _tlv(GET, number + _tlv(INTEGER, b"\0") * 2 + _tlv(SEQUENCE, b""))
    scoped = _tlv(SEQUENCE, empty * 2 + get)
    return _tlv(SEQUENCE, _tlv(INTEGER, b"\3") + _tlv(SEQUENCE, header) + _tlv(OCTETS, usm) + scoped)


def _named(engine: bytes, boots: bytes, time: bytes) -> Identity:
    number = int.from_bytes(engine[:4], "big") & 0x7FFFFFFF
    vendor = VENDORS.get(number, "")
    return Identity(
        "snmp",
        "net-snmp" if vendor == "Net-SNMP" else "",
        info=f"SNMPv3, engine of {vendor or 'enterprise'} ({number})" if vendor else f"SNMPv3, enterprise {number}",
        proof="nonce",
        evidence=f"a report with our message id, engine {engine[:32].hex()}",
        guarded=True,
        facts=(
            ("engine", engine[:32].hex()),
            *_engine_address(engine),
            ("boots", str(int.from_bytes(boots[:4], "big"))),
            ("up for seconds", str(int.from_bytes(time[:4], "big"))),
        ),
    )


def _engine_address(engine: bytes) -> tuple[tuple[str, str], ...]:
    """What the engine's id is made of, where that is an address or a text (RFC 3411, SnmpEngineID)."""
    if not engine[0] & 0x80:
        return ()
    kind, rest = engine[4], engine[5:]
    if kind == 1 and len(rest) == 4:
        return (("address", ".".join(str(byte) for byte in rest)),)
    if kind == 3 and len(rest) == 6:
        return (("mac", rest.hex(":")),)
    return (("name", text(rest)),) if kind == 4 else ()


def _tlv(kind: int, value: bytes) -> bytes:
    """BER with a definite length; ours are shorter than 128 bytes, strangers' at most as long as a datagram."""
    size = len(value)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([kind]) + length + value


def _inside(data: bytes, kind: int) -> list[tuple[int, bytes]]:
    """The elements inside a constructed element that fills `data`; none where it is something else."""
    outer = _elements(data)
    return _elements(outer[0][1]) if len(outer) == 1 and outer[0][0] == kind else []


def _elements(data: bytes) -> list[tuple[int, bytes]]:
    """BER elements (tag, value) one after the other; none at all where one is cut."""
    at, found = 0, list[tuple[int, bytes]]()
    while at < len(data):
        kind, size = data[at], int.from_bytes(data[at + 1 : at + 2], "big")
        at += 2
        if size >= 128:
            width = size & 127
            if not 1 <= width <= 3:
                return []
            size, at = int.from_bytes(data[at : at + width], "big"), at + width
        if at + size > len(data):
            return []
        found.append((kind, data[at : at + size]))
        at += size
    return found
