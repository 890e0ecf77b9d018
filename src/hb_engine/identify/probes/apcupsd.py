"""apcupsd's network information server on TCP 3551: its status is open to all (apcupsd manual, "NIS server").

Records have two bytes of length each, and an empty one ends them. It only reads.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("apcupsd", tcp=(3551,), names=("apcupsd-nis",))
STATUS = b"\0\6status"
RECORDS = 100


def talk(peer: Peer) -> Talk:
    """Ask for the status."""
    reply = yield Ask(STATUS, until=_whole)
    lines, _ = _records(bytes(reply))
    if not lines or not lines[0].startswith(b"APC  ") or b": " not in lines[0]:
        return None
    told = {name.strip(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    version = text(told.get(b"VERSION", b"").partition(b" ")[0])
    return Identity(
        "apcupsd",
        "apcupsd",
        version,
        info=text(told.get(b"MODEL", b"")),
        hostname=text(told.get(b"HOSTNAME", b"")),
        cpe=(f"cpe:/a:apc:apcupsd:{version}",) if version[:1].isdigit() else (),
        evidence=text(lines[0]),
        facts=tuple([("ups", text(told[name])) for name in (b"UPSNAME",) if name in told]),
    )


def _whole(data: bytes) -> bool:
    return _records(data)[1] or (len(data) > 1 and data[:1] != b"\0")


def _records(data: bytes) -> tuple[list[bytes], bool]:
    """The records that are whole, and whether the empty one at the end was among them."""
    at, lines = 0, list[bytes]()
    while at + 2 <= len(data) and len(lines) < RECORDS:
        size = int.from_bytes(data[at : at + 2], "big")
        if size == 0:
            return lines, True
        if at + 2 + size > len(data):
            break
        lines.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return lines, len(lines) >= RECORDS
