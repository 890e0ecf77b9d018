"""HTTP/1.1: a GET for the root page, and the server, the application and the facts that its answer tells (RFC 9112).

The status line is the proof. A proxy, a printer's page and an API are all HTTP; which, is said by products/. Redirects
are told, never followed. A server that says that it wants TLS is told so (fact `wants`), so that TLS is asked next.
"""

from __future__ import annotations

from hb_engine.identify import products
from hb_engine.identify.http import get, is_whole, may_be_old, read
from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, text
from hb_engine.identify.probes import http2, websocket
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace
from hb_engine.wire.http2 import is_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from hb_engine.identify.http import Page
    from hb_engine.identify.kit import Command, Talk

PORTS = (
    *(
        80,
        8080,
        8000,
        8888,
        81,
        591,
        2375,
        2379,
        2380,
        3000,
        3128,
        4040,
        5000,
        5601,
        5984,
        6080,
        6081,
        7474,
        8001,
        8006,
    ),
    *(8008, 8081, 8082, 8083, 8086, 8088, 8090, 8096, 8118, 8123, 8181, 8200, 8265, 8384, 8500, 8834, 8880, 8983, 9000),
    *(9001, 9080, 9090, 9091, 9093, 9100, 9115, 9200, 9981, 10000, 11434, 15672, 19999, 32400),
)
TLS_PORTS = (443, 8443, 2376, 4443, 5001, 6443, 8006, 8140, 8834, 9443, 10000, 10250, 10443, 16443)
NAMES = (
    *("https", "http-alt", "http-alt-alt", "http-mgmt", "http-proxy", "https-alt", "www", "www-http", "webcache"),
    *("pcsync-https", "squid-http", "http-wmap", "radan-http", "oracleas-https", "appserv-http", "wsm-server-ssl"),
    *("docker", "docker-s", "etcd-client", "etcd-server", "elasticsearch", "couchdb", "influxdb", "prometheus"),
    *("node-exporter", "grafana", "kubernetes", "kubernetes-api", "kubelet", "redfish", "icecast", "consul", "vault"),
    *("wbem-http", "wbem-https", "privoxy", "proxy", "soap-http", "sunwebadmin", "snet-sensor-mgmt"),
)
# What servers of other protocols say to who comes with HTTP, in HTTP: that this is the wrong port (ClickHouse, MongoDB,
# Hadoop, Tor). They are no web servers; their own probes know these words as hints.
ELSEWHERE = (
    b"is for clickhouse-client program",
    b"trying to access MongoDB over HTTP on the native driver port",
    b"HTTP request to a Hadoop IPC port",
    b"Tor is not an HTTP Proxy",
    b"Tor ControlPort is not an HTTP proxy",
)
PROBE = Probe("http", tcp=PORTS, tls=TLS_PORTS, names=NAMES, alpn=("http/1.1", "http/1.0"))


def talk(peer: Peer) -> Talk:
    """GET /, and the paths that a likely product wants asked, each on a connection of its own."""
    reply = yield Ask(get(peer), until=is_whole)
    if _is_elsewhere(reply):
        return None
    page = read(reply, peer=peer)
    if page is None:
        return (yield from _newer(peer)) if is_settings(reply) else _old(reply)

    def fetch(path: str) -> Generator[Command, Any, Page | None]:
        if not (yield Reconnect()):
            return None
        more = yield Ask(get(peer, path), until=is_whole)
        return read(more, path, peer)

    named = yield from products.identify(page, fetch)
    if not websocket.suggested(page) or not (yield Reconnect()):
        return named
    switched = yield from websocket.upgrade(peer)
    if switched is None or not websocket.accepted(switched, peer):
        return named
    return replace(named, proof="nonce", facts=(*named.facts, ("websocket", "yes")))


def hint(reply: bytes) -> bool:
    """A status line, whatever was asked."""
    return not _is_elsewhere(reply) and read(reply) is not None


def _is_elsewhere(reply: bytes) -> bool:
    return any(words in reply[:600] for words in ELSEWHERE)


def _newer(peer: Peer) -> Talk:
    """The answer of a server that speaks HTTP/2 only: it is asked once more, in that."""
    if not (yield Reconnect()):
        return Identity("http", info="HTTP/2", evidence="SETTINGS")
    return (yield from http2.talk(peer))


def _old(reply: bytes) -> Identity | None:
    """HTTP/0.9 answers with a page and no head; nothing in it can be parsed, so it is a likeness only."""
    if not may_be_old(reply) or len(reply) < 14:
        return None
    return Identity("http", info="HTTP/0.9", proof="pattern", evidence=text(reply))
