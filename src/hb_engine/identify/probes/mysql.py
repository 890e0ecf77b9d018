"""MySQL and those who speak like it: the server greets first, with its version, or with an error where it refuses us.

MariaDB is named as MariaDB: up to 10.x it puts "5.5.5-" before its real version. The conversation ends after the
greeting, or after the TLS handshake that the greeting offers; no login is ever begun. A server counts that as an
interrupted connection (max_connect_errors, which a login that succeeds from the same address sets back).
Specification: MySQL internals, "Connection Phase" (protocol 10); MariaDB, "Connecting", "0 - Handshake".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("mysql", tcp=(3306,), speaks="server", names=("mariadb", "mysql-proxy"))
CLIENT_SSL = 0x0800
# SSLRequest: protocol 4.1, long password, TLS; 16 MB packets, utf8, 23 zeros. Nothing that names anybody.
SSL_REQUEST = b"\x20\x00\x00\x01\x01\x8a\x00\x00\x00\x00\x00\x01\x21" + bytes(23)
SEARCHD_SALT = bytes(range(1, 9))  # which is no secret: Sphinx and Manticore want no password
OLD_PREFIX = "5.5.5-"  # what replication of MySQL 5 wanted to see in front of MariaDB 10's version
# (what stands in the version, product, CPE without version, what the real version follows)
KINDS = (
    ("-TiDB-v", "TiDB", "cpe:/a:pingcap:tidb", "-TiDB-v"),
    ("-MariaDB", "MariaDB", "cpe:/a:mariadb:mariadb", ""),
    ("-Vitess", "Vitess", "", ""),
    ("mysql_aurora", "Amazon Aurora MySQL", "", ""),
)


def talk(peer: Peer) -> Talk:
    """Only listen, then begin TLS where it is offered."""
    heard = yield Ask(until=_whole)
    body = _payload(heard)
    if body[:1] == b"\xff":
        return _refusal(body)
    end = body.find(b"\0", 1)
    told, rest = body[1:end], body[end + 1 :]
    # thread id 4, scramble 8, a zero, capabilities 2
    if body[:1] != b"\x0a" or not 1 < end < 200 or not told.isascii() or len(rest) < 15 or rest[12] != 0:
        return None
    capabilities = int.from_bytes(rest[13:15], "little")
    tls = None
    if capabilities & CLIENT_SSL:
        yield Ask(SSL_REQUEST, wait=0.02)  # has no answer: the server now waits for the handshake
        tls = yield StartTls()
    product, version, more, cpe = _kind(text(told), rest[4:12])
    # then charset 1, status 2, more capabilities 2, length of the salt 1, reserved 10, the rest of the salt, a name
    plugin = text(rest[31 + max(13, rest[20] - 8) :].split(b"\0", 1)[0]) if len(rest) > 31 else ""
    return Identity(
        "mysql",
        product,
        version,
        info=", ".join(part for part in ("protocol 10", more) if part),
        cpe=(f"{cpe}:{version}",) if cpe and version[:1].isdigit() else (),
        evidence=text(told),
        starttls="offered" if capabilities & CLIENT_SSL else "absent",
        tls=tls,
        facts=(("authentication", plugin),) if plugin else (),
    )


def hint(reply: bytes) -> bool:
    """A greeting, or the packet that refuses us."""
    body = _payload(reply)
    return (body[:1] == b"\x0a" and 0 < body.find(b"\0", 1) < 200) or bool(body[:1] == b"\xff" and _refusal(body))


def _payload(data: bytes) -> bytes:
    """The first packet without its header; empty where it is not whole or not the first of a conversation."""
    size = int.from_bytes(data[:3], "little")
    return bytes(data[4 : 4 + size]) if len(data) >= 4 + size and data[3:4] in (b"\0", b"\1") else b""


def _whole(data: bytes) -> bool:
    """Whole, or nothing that could become a greeting: the first packet has number 0 and begins with 9, 10 or FF."""
    if len(data) > 4 and (data[3] > 1 or data[4] not in (9, 10, 255) or data[2] != 0):
        return True
    return len(data) > 4 and len(data) >= 4 + int.from_bytes(data[:3], "little")


def _refusal(body: bytes) -> Identity | None:
    """An error packet before any greeting: this host may not connect, is blocked, or too many are connected."""
    number, words = int.from_bytes(body[1:3], "little"), body[3:]
    if words[:1] == b"#":  # and an SQL state of five characters
        words = words[6:]
    if not 1000 <= number < 5000 or len(words) < 10 or not text(words).isprintable() or b"\0" in words:
        return None
    product = "MariaDB" if b"MariaDB" in words else "MySQL" if b"MySQL" in words else ""
    return Identity("mysql", product, info=f"error {number}", guarded=True, evidence=text(words))


def _kind(told: str, salt: bytes) -> tuple[str, str, str, str]:
    """Product, version, further words and CPE (without the version) of what a greeting tells."""
    if salt == SEARCHD_SALT:
        version, _, more = told.replace(" ", "-").partition("-")
        return "Sphinx" if "-release" in told else "Manticore Search" if "@" in told else "", version, more, ""
    for mark, product, cpe, follows in KINDS:
        if mark in told:
            rest = told.partition(follows)[2] if follows else told.removeprefix(OLD_PREFIX)
            version, _, more = rest.partition("-")
            if product == "MariaDB":
                more = more.removeprefix("MariaDB").removeprefix("-")
            return product, version, more, cpe
    version, _, more = told.partition("-")
    return "MySQL", version, more, "cpe:/a:oracle:mysql"
