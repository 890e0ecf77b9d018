"""Key establishment of Network Time Security on TCP 4460, always inside TLS with ALPN ntske/1 (RFC 8915 4).

The request offers NTPv4 and the one algorithm that all have. Keys and cookies are thrown away.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ntske", tls=(4460,), alpn=("ntske/1",), anywhere=False)
CRITICAL = 0x80
END, NEXT, ERROR, ALGORITHM, COOKIE, SERVER = 0, 1, 2, 4, 5, 6
REQUEST = b"\x80\1\0\2\0\0" + b"\x80\4\0\2\0\x0f" + b"\x80\0\0\0"  # NTPv4, AEAD_AES_SIV_CMAC_256, end
RECORDS = 64


def talk(peer: Peer) -> Talk:
    """One request, answered with records up to the one that ends them."""
    reply = yield Ask(REQUEST, until=_whole)
    records = _records(bytes(reply))
    if not records or records[-1][0] != END:
        return None
    if not any(kind in (ERROR, COOKIE) or (kind == NEXT and not body) for kind, body in records):
        return None  # an echo agrees to our protocol, and has no cookie
    cookies = sum(kind == COOKIE for kind, _ in records)
    server = next((value for kind, value in records if kind == SERVER), b"")
    return Identity(
        "ntske",
        info=f"{cookies} cookies" if cookies else "refuses us",
        evidence=f"{len(records)} records of NTS-KE",
        guarded=not cookies,
        facts=(("time server", text(server)),) if server else (),
    )


def _whole(data: bytes) -> bool:
    records = _records(data)
    return bool(records) and (records[-1][0] == END or len(records) >= RECORDS)


def _records(data: bytes) -> list[tuple[int, bytes]]:
    """Records that are whole: critical bit and type, length, body (RFC 8915 4)."""
    at, found = 0, list[tuple[int, bytes]]()
    while at + 4 <= len(data) and len(found) < RECORDS:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if at + 4 + size > len(data):
            break
        found.append((int.from_bytes(data[at : at + 2], "big") & 0x7FFF, data[at + 4 : at + 4 + size]))
        at += 4 + size
        if found[-1][0] == END:
            break
    return found
