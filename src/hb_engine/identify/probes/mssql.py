"""Microsoft SQL Server: PRELOGIN, the part of TDS that comes before any login, tells its version and its use of TLS.

TLS itself is wrapped into TDS packets there (TDS 7), so that no certificate is read. Nobody logs in.
Specification: MS-TDS 2.2.6.5; the products of major versions: Microsoft, "SQL Server versions".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ms-sql-s", tcp=(1433,), names=("mssql", "ms-sql"), alpn=("tds/8.0",))
# Options: version, encryption (off, but possible), instance (none), thread, MARS; their data; the end.
OPTIONS = (
    b"\0\0\x1a\0\x06" b"\x01\0\x20\0\x01" b"\x02\0\x21\0\x01" b"\x03\0\x22\0\x04" b"\x04\0\x26\0\x01" b"\xff"
    b"\x10\0\0\0\0\0" b"\0" b"\0" b"\0\0\0\0" b"\0"
)  # fmt: skip
PRELOGIN = b"\x12\x01" + (8 + len(OPTIONS)).to_bytes(2, "big") + bytes(4) + OPTIONS
VERSION, ENCRYPTION = 0, 1
# off, on, not supported, required
STARTTLS = {0: "offered", 1: "offered", 2: "absent", 3: "required"}
RELEASES = {
    (8, 0): "2000", (9, 0): "2005", (10, 0): "2008", (10, 50): "2008 R2", (11, 0): "2012", (12, 0): "2014",
    (13, 0): "2016", (14, 0): "2017", (15, 0): "2019", (16, 0): "2022", (17, 0): "2025",
}  # fmt: skip


def talk(peer: Peer) -> Talk:
    """One PRELOGIN, and its answer."""
    reply = yield Ask(PRELOGIN, until=framed(2, 2))
    told = _options(reply)
    version = told.get(VERSION, b"")
    if len(version) != 6 or not 7 <= version[0] < 40:
        return None
    build = int.from_bytes(version[2:4], "big")
    release = RELEASES.get((version[0], version[1]), "")
    name = f"Microsoft SQL Server {release}".rstrip()
    number = f"{version[0]}.{version[1]:02}.{build:04}"
    cpe = f"cpe:/a:microsoft:sql_server:{release.lower().replace(' ', '_')}".rstrip(":")
    encryption = told.get(ENCRYPTION, b"")
    return Identity(
        "ms-sql-s",
        name,
        number,
        cpe=(cpe,),
        evidence=f"PRELOGIN response, version {number}",
        starttls=STARTTLS.get(encryption[0], "") if encryption else "",
    )


def _options(reply: bytes) -> dict[int, bytes]:
    """The options of a PRELOGIN response by token; empty if it is none: type 4, end of message, its own length."""
    size = int.from_bytes(reply[2:4], "big")
    if reply[:2] != b"\x04\x01" or len(reply) != size or size < 16:
        return {}
    body, told, at = bytes(reply[8:]), dict[int, bytes](), 0
    while at + 5 <= len(body) and body[at] != 0xFF and len(told) < 32:
        offset, length = int.from_bytes(body[at + 1 : at + 3], "big"), int.from_bytes(body[at + 3 : at + 5], "big")
        if offset + length > len(body):
            return {}
        told[body[at]] = body[offset : offset + length]
        at += 5
    return told if body[at : at + 1] == b"\xff" else {}
