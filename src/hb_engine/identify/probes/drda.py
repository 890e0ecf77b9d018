"""DRDA, which Db2, Informix and Derby speak: both sides exchange their attributes before anybody logs in.

We tell a name and the levels of managers that everybody has; the answer tells the server's class and release. Texts are
EBCDIC (code page 500). Specification: The Open Group C044 (DDM architecture): EXCSAT 1041, EXCSATRD 1443.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "drda", tcp=(50000, 446, 1527), tls=(448,), names=("ibm-db2", "ddm-rdb", "ddm-ssl", "db2", "tlisrv"), anywhere=False
)
EXCSAT, EXCSATRD = b"\x10\x41", b"\x14\x43"
EXTNAM, SRVCLSNM, SRVRLSLV, SRVNAM, MGRLVLLS = b"\x11\x5e", b"\x11\x47", b"\x11\x5a", b"\x11\x6d", b"\x14\x04"
LEVELS = b"\x14\x03\0\x07\x24\x07\0\x07\x14\x74\0\x05\x24\x0f\0\x07\x14\x40\0\x07"


def talk(peer: Peer) -> Talk:
    """Exchange attributes, with a correlation identifier of ours."""
    number = bytes([peer.nonce[0] & 0x7F, peer.nonce[1] | 1])
    attributes = _object(EXTNAM, "hb-engine".encode("cp500")) + _object(MGRLVLLS, LEVELS)
    command = _object(EXCSAT, attributes)
    reply = yield Ask((6 + len(command)).to_bytes(2, "big") + b"\xd0\x01" + number + command, until=framed(0, 2))
    if reply[2:3] != b"\xd0" or reply[3:4] not in (b"\x02", b"\x42"):
        return None
    objects = dict(_objects(reply[6:]))
    if EXCSATRD not in objects:
        return None
    told = {code: text(value.decode("cp500").encode()) for code, value in _objects(objects[EXCSATRD])}
    product, version, cpe = _kind(told.get(SRVCLSNM, ""), told.get(SRVRLSLV, ""))
    return Identity(
        "drda",
        product,
        version,
        info=", ".join(told[code] for code in (SRVCLSNM, SRVRLSLV) if told.get(code) not in (None, "", product)),
        hostname=told.get(SRVNAM, ""),
        cpe=(cpe,) if cpe else (),
        proof="nonce" if reply[4:6] == number else "structure",  # Derby counts on its own
        evidence=text(", ".join(value for code, value in told.items() if code != MGRLVLLS).encode()),
    )


def _object(code: bytes, data: bytes) -> bytes:
    return (4 + len(data)).to_bytes(2, "big") + code + data


def _objects(data: bytes) -> list[tuple[bytes, bytes]]:
    """Objects one behind the other: length (of all four parts), code point, data."""
    found: list[tuple[bytes, bytes]] = []
    while len(data) >= 4 and len(found) < 50:
        size = int.from_bytes(data[:2], "big")
        if not 4 <= size <= len(data):
            break
        found.append((bytes(data[2:4]), bytes(data[4:size])))
        data = data[size:]
    return found


def _kind(name: str, level: str) -> tuple[str, str, str]:
    """Product, version and CPE: SQL11055 is Db2 11.05.5, CSS10140 comes from Derby, IFX from Informix."""
    if "Derby" in name:
        version = level.partition("/")[2].split(" ", 1)[0]
        return "Apache Derby", version, f"cpe:/a:apache:derby:{version}".rstrip(":")
    if level.startswith("SQL") and len(level) >= 8 and level[3:8].isdecimal() and level.isascii():
        version = f"{int(level[3:5])}.{int(level[5:7])}.{level[7]}"
        return "IBM DB2 Database Server", version, f"cpe:/a:ibm:db2:{version}"
    if level.startswith("IFX") or name.startswith("IDS/"):
        return "IBM Informix Dynamic Server", "", "cpe:/a:ibm:informix_dynamic_server"
    return "", "", ""
