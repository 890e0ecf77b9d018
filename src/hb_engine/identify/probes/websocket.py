"""WebSocket: the one upgrade whose acceptance proves that our own key was read (RFC 6455 4.2.2).

Asked where a page suggests it, or where it is expected. No frame is sent: the connection ends with the handshake.
"""

from __future__ import annotations

from hb_engine.identify import http
from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.identify.webserver import describe
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from hb_engine.identify.http import Page
    from hb_engine.identify.kit import Command, Talk

PROBE = Probe("websocket", names=("ws", "wss"), anywhere=False)
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def talk(peer: Peer) -> Talk:
    """GET / with the upgrade; a refusal is a page like any other, and no WebSocket."""
    page = yield from upgrade(peer)
    if page is None or not accepted(page, peer):
        return None
    named = describe(page)
    evidence = f"Sec-WebSocket-Accept: {page.header('sec-websocket-accept')}"
    facts = (*named.facts, ("websocket", "yes"))
    return replace(named, info=named.info or "WebSocket", proof="nonce", evidence=evidence, facts=facts)


def upgrade(peer: Peer) -> Generator[Command, Any, Page | None]:
    """Ask for the upgrade at /, and give the answer."""
    lines = (
        "Upgrade: websocket",
        f"Sec-WebSocket-Key: {key(peer).decode()}",
        "Sec-WebSocket-Version: 13",
    )
    asked = http.request(peer, "GET", "/", lines).replace(b"Connection: close", b"Connection: Upgrade")
    reply = yield Ask(asked, until=http.is_whole)
    return http.read(reply, peer=peer)


def suggested(page: Page) -> bool:
    """Whether a page says that this place wants the upgrade."""
    wants = page.header("upgrade").lower() == "websocket" or bool(page.header("sec-websocket-version"))
    return wants or (page.status in (400, 426) and b"websocket" in page.body[:2048].lower())


def accepted(page: Page, peer: Peer) -> bool:
    """Whether it switched, and gave back what only a reader of our key can."""
    import base64
    import hashlib

    proof = base64.b64encode(hashlib.sha1(key(peer) + GUID, usedforsecurity=False).digest()).decode()
    return page.status == 101 and page.header("sec-websocket-accept") == proof


def key(peer: Peer) -> bytes:
    """Sixteen random bytes in base64: the nonce."""
    import base64

    return base64.b64encode(peer.nonce)
