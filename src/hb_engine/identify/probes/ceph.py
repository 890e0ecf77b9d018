"""Ceph's daemons greet first: "ceph v2" with the features of messenger 2, or "ceph v027" of messenger 1.

We only listen. Which daemon it is (monitor, OSD, manager) is told only to who goes on.
Specification: Ceph, "msgr2 protocol" (banner) and "Messenger v1".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ceph", tcp=(3300, 6789, 6800), speaks="server", names=("ceph-mon",))
START, SECOND, FIRST = b"ceph v", b"ceph v2\n", b"ceph v027"


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = yield Ask(until=_whole)
    if heard.startswith(FIRST):
        return Identity("ceph", "Ceph", info="messenger 1", proof="banner", evidence=text(heard[:9]))
    # what follows the banner: its length, 16; supported and required features
    if not heard.startswith(SECOND) or heard[8:10] != b"\x10\0" or len(heard) < 26:
        return None
    supported, required = (int.from_bytes(heard[at : at + 8], "little") for at in (10, 18))
    evidence = f"ceph v2, features {supported:x}, required {required:x}"
    return Identity("ceph", "Ceph", info="messenger 2", evidence=evidence)


def hint(reply: bytes) -> bool:
    """The greeting."""
    return reply.startswith((SECOND, FIRST))


def _whole(data: bytes) -> bool:
    if not START.startswith(data[:6]):
        return True
    return len(data) >= 26 or (len(data) >= 9 and not data.startswith(SECOND))
