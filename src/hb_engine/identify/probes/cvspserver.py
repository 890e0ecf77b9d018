"""CVS's password server (CVS client/server protocol, "Connecting to server"): it repeats what it does not understand.

The line we send is made of the nonce, and begins no request: BEGIN AUTH REQUEST would be a login.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("cvspserver", tcp=(2401,), names=("cvs-pserver",))
REFUSAL = b"bad auth protocol start: "


def talk(peer: Peer) -> Talk:
    """One line that is no request, one complaint about it."""
    mark = b"hb-" + peer.nonce[:6].hex().encode()
    reply = yield Ask(mark + b"\n", until=b"\n")
    if REFUSAL + mark not in reply:
        return None
    return Identity("cvspserver", _product(reply), proof="nonce", evidence=text(reply))


def hint(reply: bytes) -> bool:
    """The complaint about a GET."""
    return REFUSAL + b"GET " in reply


def _product(reply: bytes) -> str:
    return "CVSNT" if reply.startswith(b"cvsnt") else "CVS" if reply.startswith(b"cvs ") else ""
