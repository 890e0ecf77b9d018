"""The transport port of Elasticsearch and OpenSearch (9300): nodes speak there, and to HTTP it says that it is no HTTP.

What nodes say to one another is not published and changes with every release, so the version stays unknown.
Source of the words: Elasticsearch, TcpTransport (Apache licence, release 6 and 7).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("elasticsearch", tcp=(9300,), names=("elasticsearch-transport", "vrace"), anywhere=False)
WORDS = (b"This is not an HTTP port", b"This is not a HTTP port")


def talk(peer: Peer) -> Talk:
    """Ask it in HTTP, and hear that this is the wrong port."""
    reply = yield Ask(b"GET / HTTP/1.0\r\n\r\n", until=b"HTTP port")
    if not hint(reply):
        return None
    return Identity("elasticsearch", info="transport between nodes", proof="banner", evidence=text(reply))


def hint(reply: bytes) -> bool:
    """The words that an HTTP request gets."""
    return bytes(reply).strip(b"\r\n") in WORDS
