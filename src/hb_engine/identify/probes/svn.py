"""svnserve (Subversion, ra_svn/protocol): it greets with a list of versions and capabilities in parentheses.

Only the greeting is read: to answer it is to open a repository, and perhaps to log in.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("svnserve", tcp=(3690,), speaks="server", names=("svn",))
START, REFUSAL = b"( success ( ", b"( failure ( "


def talk(peer: Peer) -> Talk:
    """Only listen: minimal and maximal version, mechanisms, capabilities."""
    heard = yield Ask(until=_greeted)
    if heard.startswith(REFUSAL) and b" ) ) " in heard:
        return Identity("svnserve", "Subversion", guarded=True, evidence=text(heard))
    words = heard[len(START) :].split()
    if not heard.startswith(START) or b") ) )" not in heard or len(words) < 6:
        return None
    low, high = words[0], words[1]
    if not (low.isdigit() and high.isdigit()) or len(low + high) > 8:
        return None
    told = heard.rpartition(b" ( ")[2].partition(b" )")[0]
    return Identity(
        "svnserve",
        "Subversion",
        info=f"protocol {text(low)}" if low == high else f"protocol {text(low)}-{text(high)}",
        cpe=("cpe:/a:apache:subversion",),
        evidence=text(heard),
        facts=(("capabilities", text(told)),),
    )


def _greeted(data: bytes) -> bool:
    """A closed list, or bytes that cannot begin one of ours."""
    known = START.startswith(data[: len(START)]) or REFUSAL.startswith(data[: len(REFUSAL)])
    return not known or data.count(b"( ") <= data.count(b" )") > 0
