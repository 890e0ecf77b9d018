"""AFP over TCP (Apple Filing Protocol Reference, "Data Stream Interface"): DSIGetStatus is answered without a session.

The answer has the machine type, the versions spoken, and the server's name. No session is opened.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.identify.lines import product
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("afp", tcp=(548,), names=("afpovertcp",))
STATUS = 3
MARKS = (("Netatalk", "Netatalk", "cpe:/a:netatalk:netatalk"), ("TimeCapsule", "Apple Time Capsule", ""))


def talk(peer: Peer) -> Talk:
    """One request of sixteen bytes, one reply under its id."""
    request = peer.nonce[:2]
    reply = yield Ask(bytes((0, STATUS)) + request + bytes(12), until=framed(8, 4, 16))
    if len(reply) < 16 or reply[:4] != bytes((1, STATUS)) + request:
        return None
    body = reply[16:]
    machine, versions = _strings(body, _word(body, 0), 1), _strings(body, _word(body, 2))
    if len(body) < 11 or not machine or not any(version.startswith("AFP") for version in versions):
        return None
    name, version, cpe = product(machine[0], MARKS)
    methods = _strings(body, _word(body, 4))
    return Identity(
        "afp",
        name,
        version,
        info=", ".join(versions)[:200],
        hostname=(_strings(body, 10, 1) or [""])[0],
        system="" if name else machine[0],
        cpe=cpe,
        proof="nonce",
        evidence=f"status of {machine[0]}",
        facts=(("authentication", ", ".join(methods)[:200]),) if methods else (),
    )


def _word(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 2], "big")


def _strings(body: bytes, at: int, count: int = 0) -> list[str]:
    """Pascal strings at an offset: `count` of them, or as many as the byte there says."""
    if not count:
        count, at = (body[at] if at < len(body) else 0), at + 1
    found = []
    for _ in range(min(count, 32)):
        size = body[at] if at < len(body) else 0
        if not size or at + 1 + size > len(body):
            break
        found.append(text(body[at + 1 : at + 1 + size]))
        at += 1 + size
    return found
