"""PostgreSQL: TLS is asked for in eight bytes; a protocol that cannot exist is refused with an error that tells much.

A startup message of protocol 999 is refused before the server asks who comes: nobody logs in, no password is asked for,
no user or database is named. The error repeats our minor version, and tells the source file and line that made it. That
narrows the release: what is in LINES was measured with released servers. pgbouncer answers in words of its own.
Specification: PostgreSQL documentation, "Frontend/Backend Protocol" (message flow; error and notice fields).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, StartTls, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Tls

PROBE = Probe("postgresql", tcp=(5432, 5433, 6432), names=("postgres", "pgbouncer"), alpn=("postgresql",))
SSL_REQUEST = b"\0\0\0\x08\x04\xd2\x16\x2f"
NO_SUCH_PROTOCOL = b"\0\0\0\x08\x03\xe7"  # 999, and a minor version of ours
NOBODY = b"\0\0\0\x09\0\x03\0\0\0"  # protocol 3.0, and no parameters: no user, no database
CPE = "cpe:/a:postgresql:postgresql"
# The lines of ProcessStartupPacket that refuse a protocol, by release; measured, and no guess about other lines.
LINES: dict[tuple[str, str], dict[str, tuple[int, ...]]] = {
    ("postmaster.c", "2.0 to 3.0"): {
        "10": (2099,),
        "11": (2050, 2057),
        "12": (2119, 2126),
        "13": (2133, 2140, 2143, 2145, 2147),
    },
    ("postmaster.c", "3.0 to 3.0"): {
        "14": (2138, 2145, 2148, 2150, 2152, 2171),
        "15": (2194, 2201, 2204, 2206, 2208, 2220, 2228),
        "16": (2151, 2153, 2155, 2175),
    },
    ("backend_startup.c", "3.0 to 3.0"): {"17": (685, 704)},
    ("backend_startup.c", "3.0 to 3.2"): {"18": (713, 732)},
}


def talk(peer: Peer) -> Talk:
    """Ask for TLS and begin it, then ask for a protocol that cannot exist and read how that is refused."""
    starttls, tls = "", None
    if not peer.tls:
        answer = yield Ask(SSL_REQUEST)
        if answer[:1] == b"E":
            return _named(answer, b"", "", None)
        if answer not in (b"S", b"N"):
            return None
        starttls = "offered" if answer == b"S" else "absent"
        if answer == b"S":
            tls = yield StartTls(("postgresql",))
            if tls is None and not (yield Reconnect()):
                return _short(starttls)
    minor = peer.nonce[:2]
    refused = yield Ask(NO_SUCH_PROTOCOL + minor, until=_whole)
    if not refused and starttls == "absent" and refused.ended == "closed" and (yield Reconnect()):
        refused = yield Ask(NOBODY, until=_whole)  # who hangs up on such a protocol may refuse one that names nobody
    if not refused:
        return _short(starttls, tls) if starttls else None
    return _named(refused, minor, starttls, tls)


def _short(starttls: str, tls: Tls | None = None) -> Identity:
    """One letter, and then nothing: a likeness, unless a handshake followed it."""
    proof = "structure" if tls else "pattern"
    return Identity("postgresql", proof=proof, starttls=starttls, tls=tls, evidence="SSLRequest answered by one letter")


def _whole(data: bytes) -> bool:
    return len(data) > 4 and (data[0] not in b"ERv" or len(data) > int.from_bytes(data[1:5], "big"))


def _fields(data: bytes) -> dict[str, str]:
    """The fields of an ErrorResponse by their letters; empty if it is none."""
    size = int.from_bytes(data[1:5], "big")
    body, behind = data[5 : size + 1], data[size + 1 : size + 2]
    if data[:1] != b"E" or len(body) != size - 4 or behind not in (b"", b"E") or not body.endswith(b"\0\0"):
        return {}
    return {text(part[:1]): text(part[1:]) for part in body.split(b"\0") if part}


def _named(reply: bytes, minor: bytes, starttls: str, tls: Tls | None) -> Identity | None:
    """What an ErrorResponse proves, or the plain words of servers that are too old or too full to make one."""
    told = _fields(reply)
    if not told:
        if not reply.startswith(b"EFATAL") or not reply.endswith(b"\n\0"):  # a word that is never translated
            return None
        return Identity("postgresql", "PostgreSQL DB", proof="banner", guarded=True, evidence=text(reply[1:]))
    if "M" not in told or "S" not in told or len(told.get("C", "")) != 5:
        return None
    product, version, info, cpe = _kind(told)
    echoes = (f"999.{int.from_bytes(minor, 'big')}", f"03e7{minor.hex()}") if minor else ()
    place = " ".join(told[letter] for letter in "FLR" if letter in told)
    return Identity(
        "postgresql",
        product,
        version,
        info=info,
        cpe=(cpe,) if cpe else (),
        proof="nonce" if any(echo in told["M"] for echo in echoes) else "structure",
        guarded=told["C"] in ("28000", "53300", "57P03"),  # not allowed, too many, starting up
        evidence=text(f"{told['C']} {told['M']} {place}".encode()),
        starttls=starttls,
        tls=tls,
    )


def _kind(told: dict[str, str]) -> tuple[str, str, str, str]:
    """Product, version, further words and CPE of an ErrorResponse."""
    if told["M"].startswith("bad packet header: '") and "F" not in told:
        return "PgBouncer", "", "", "cpe:/a:pgbouncer:pgbouncer"
    if told.get("F") == "protocol/child.c":
        return "pgpool-II", "", "", "cpe:/a:pgpool:pgpool-ii"
    if told.get("R") != "ProcessStartupPacket":
        return "", "", "", ""
    line, file = told.get("L", ""), told.get("F", "").rpartition("/")[2]
    spoken = next((spoken for _, spoken in LINES if spoken in told["M"]), "")
    releases = LINES.get((file, spoken), {})
    for release, lines in releases.items():
        if line.isdigit() and len(line) < 9 and int(line) in lines:
            return "PostgreSQL DB", release, "", f"{CPE}:{release}"
    if releases:
        first, *others = releases
        return "PostgreSQL DB", "", f"{first} to {others[-1]}" if others else f"{first} or later", CPE
    return "PostgreSQL DB", "", "9.6.0 or later" if "V" in told else "before 9.6.0", CPE
