"""BitTorrent's distributed hash table on UDP, often 6881 or 51413: ping (BEP 5), marked as read-only (BEP 43).

Our transaction id comes back. A node that heard "ro" does not keep us in its table, nor ask us anything.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("bittorrent-dht", udp=(6881, 51413), names=("dht",), anywhere=False)
# Marks of programs in "v" (BEP 20 and the programs themselves).
PROGRAMS = {b"LT": "libtorrent", b"UT": "uTorrent", b"TR": "Transmission", b"lt": "libTorrent (rTorrent)"}


def talk(peer: Peer) -> Talk:
    """One ping; keys stand in order, as bencoding wants."""
    transaction, node = peer.nonce[:4], (peer.nonce * 2)[:20]
    reply = bytes((yield Ask(b"d1:ad2:id20:" + node + b"e1:q4:ping2:roi1e1:t4:" + transaction + b"1:y1:qe")))
    ours = b"1:t4:" + transaction
    if not reply.startswith(b"d") or not reply.endswith(b"e") or ours not in reply or b"1:y1:r" not in reply:
        return None
    if b"1:rd2:id20:" not in reply:
        return None
    mark = reply.partition(ours + b"1:v4:")[2][:4]
    return Identity(
        "bittorrent-dht",
        PROGRAMS.get(mark[:2], ""),
        proof="nonce",
        evidence="a response with our transaction id",
        facts=(("mark", mark.hex()),) if mark else (),
    )
