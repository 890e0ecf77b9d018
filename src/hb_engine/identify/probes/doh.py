"""DNS over HTTPS: a question about the root, at the path that everybody uses (RFC 8484 4.1).

The answer is a DNS message with the number of our question. Asked only where it is expected: an ordinary web server
would write a strange line into its log.
"""

from __future__ import annotations

from hb_engine.identify import http2
from hb_engine.identify.kit import Peer, Probe
from hb_engine.identify.webserver import describe
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("dns-over-https", names=("doh", "https-dns"), anywhere=False)
TYPE = "application/dns-message"


def talk(peer: Peer) -> Talk:
    """GET /dns-query?dns=..., over whichever HTTP is spoken."""
    import base64

    question = peer.nonce[:2] + bytes.fromhex("0100000100000000000000" + "00020001")  # . NS IN
    coded = base64.urlsafe_b64encode(question).rstrip(b"=").decode()
    page = yield from http2.either(peer, f"/dns-query?dns={coded}", (("accept", TYPE),))
    if page is None or page.status != 200 or not page.header("content-type").startswith(TYPE):
        return None
    if len(page.body) < 12 or page.body[:2] != question[:2] or not page.body[2] & 0x80:
        return None
    named = describe(page)
    evidence = f"{TYPE} with our question's number"
    return replace(named, proof="nonce", evidence=evidence, facts=(*named.facts, ("dns-over-https", "yes")))
