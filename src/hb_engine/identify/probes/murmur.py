"""Mumble's server on UDP 64738, where it answers a ping, and on TCP 64738 inside TLS, where it greets with its version.

The ping's answer repeats our eight bytes (Mumble protocol, "Ping"; "Version" is packet type 0). Nobody joins.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("murmur", tls=(64738,), udp=(64738,), speaks="either", names=("mumble",), anywhere=False)
RELEASE, SYSTEM, SYSTEM_VERSION = 2, 3, 4  # fields of the version message


def talk(peer: Peer) -> Talk:
    """A ping on UDP; on TCP only listen."""
    if peer.transport != "udp":
        heard = bytes((yield Ask(until=_greeted)))
        return _greeting(heard) if heard[:2] == b"\0\0" else None
    reply = bytes((yield Ask(bytes(4) + peer.nonce[:8])))
    if len(reply) != 24 or reply[4:12] != peer.nonce[:8] or reply[0]:
        return None
    users, most = int.from_bytes(reply[12:16], "big"), int.from_bytes(reply[16:20], "big")
    return _named(f"{reply[1]}.{reply[2]}.{reply[3]}", "nonce", "a ping with our bytes", f"{users} of {most} users")


def _greeting(heard: bytes) -> Identity | None:
    size = int.from_bytes(heard[2:6], "big")
    fields = _fields(heard[6 : 6 + size])
    if len(heard) < 6 + size or RELEASE not in fields:
        return None
    release = text(fields[RELEASE])
    system = text(fields.get(SYSTEM, b"") + b" " + fields.get(SYSTEM_VERSION, b""))
    version = release.rpartition(" ")[2]
    return _named(version if version[:1].isdigit() else "", "structure", f"version message {release}", release, system)


def _named(version: str, proof: str, evidence: str, info: str, system: str = "") -> Identity:
    return Identity(
        "murmur",
        "Mumble server",
        version,
        info=info,
        system=system,
        cpe=(f"cpe:/a:mumble:mumble:{version}",) if version else (),
        proof=proof,
        evidence=evidence,
    )


def _greeted(data: bytes) -> bool:
    """A whole packet of type 0, or something else."""
    return data[:2] not in (b"", b"\0", b"\0\0") or framed(2, 4, 6)(data)


def _fields(message: bytes) -> dict[int, bytes]:
    """The strings of a protobuf message, by field number; varints are passed over, others end it."""
    at, told = 0, dict[int, bytes]()
    while at + 1 < len(message):
        number, wire = message[at] >> 3, message[at] & 7
        at += 1
        if wire == 0:
            while at < len(message) and message[at] & 0x80:
                at += 1
            at += 1
        elif wire == 2 and message[at] < 0x80:
            told[number] = message[at + 1 : at + 1 + message[at]]
            at += 1 + message[at]
        else:
            break
    return told
