"""HTTP/2 where TLS agreed on h2, and in clear for servers that speak nothing else (RFC 9113 3.3).

The server's SETTINGS prove it; the page says the rest, as over HTTP/1. Where it answers as gRPC does, gRPC is asked.
"""

from __future__ import annotations

from hb_engine.identify import products
from hb_engine.identify.http2 import Connection
from hb_engine.identify.kit import Peer, Probe, Reconnect
from hb_engine.identify.probes import grpc
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace
from hb_engine.wire.http2 import is_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from hb_engine.identify.http import Page
    from hb_engine.identify.kit import Command, Talk

PROBE = Probe("http2", names=("h2", "h2c", "http2-cleartext"), alpn=("h2",), anywhere=False)


def talk(peer: Peer) -> Talk:
    """GET / over HTTP/2, further pages on the same connection, or the health of a gRPC server."""
    line = Connection(peer)
    page = yield from line.page("/")
    if not line.speaks:
        return None
    if page is None or page.header("content-type").startswith("application/grpc") or page.status in (405, 415):
        named = yield from _grpc(peer)
        if named or page is None:
            return named or Identity("http", info="HTTP/2", evidence="SETTINGS", facts=_facts(line))
    named = yield from products.identify(page, lambda path: _fetch(line, path))
    return replace(named, facts=(*named.facts, *_facts(line)))


def hint(reply: bytes) -> bool:
    """SETTINGS, which a server of HTTP/2 sends to whatever it was asked."""
    return is_settings(reply)


def _fetch(line: Connection, path: str) -> Generator[Command, Any, Page | None]:
    return line.page(path)


def _grpc(peer: Peer) -> Generator[Command, Any, Identity | None]:
    if not (yield Reconnect()):
        return None
    return (yield from grpc.talk(peer))


def _facts(line: Connection) -> tuple[tuple[str, str], ...]:
    return (("protocol", "HTTP/2"), *([("goaway", line.goodbye)] if line.goodbye else []))
