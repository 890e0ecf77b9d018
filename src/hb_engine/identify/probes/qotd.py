"""Quote of the day (RFC 865): some text, and the server closes. Nothing in the text can prove it.

So it is named only on its own port, 17, by nothing but that number and a text that no other greeting looks like.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.identify.probes.daytime import is_date
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("qotd", tcp=(17,), speaks="server", names=("quote",), anywhere=False)
LONGEST = 4096
FOREIGN = (
    b"HTTP/",
    b"SSH-",
    b"+OK",
    b"-ERR",
    b"* ",
    b"RFB ",
    b"@RSYNCD",
    b"OK MPD",
    b"( success",
    b":",
    b"<",
    b"{",
    b'"',
)


def talk(peer: Peer) -> Talk:
    """Only listen, until the server closes."""
    heard = yield Ask(until=lambda data: len(data) > LONGEST or data.startswith(FOREIGN))
    if peer.port not in PROBE.tcp or heard.ended != "closed" or len(heard) > LONGEST or heard.startswith(FOREIGN):
        return None
    if heard[:3].isdigit() or not heard.strip() or not all(byte >= 32 or byte in b"\r\n\t\x1b\x08" for byte in heard):
        return None
    if is_date(text(heard)):  # daytime, on the wrong port
        return None
    return Identity("qotd", proof="port", evidence=text(heard))
