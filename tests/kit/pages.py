"""Pages for tests of products: a response as a server would send it, read as the probe reads it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from hb_engine.identify import http
from hb_engine.identify.kit import Peer
from hb_engine.identify.transcript import NONCE, NOW


def page(status: str = "200 OK", headers: str = "", body: str | dict[str, Any] = "", path: str = "/", **peer: Any):
    """A page of this status, with header lines, and a body that may be a JSON object."""
    content = json.dumps(body) if isinstance(body, dict) else body
    lines = "".join([f"{line.strip()}\r\n" for line in headers.splitlines() if line.strip()])
    raw = f"HTTP/1.1 {status}\r\n{lines}\r\n{content}".encode()
    found = http.read(raw, path, Peer("tcp", "hb.invalid", peer.get("port", 80), NONCE, peer.get("tls", False), NOW))
    assert found is not None
    return found


def seen(recognise, found):
    """What a product makes of a page; of any type, since tests know what to expect."""
    return recognise(found)


def outcome(named) -> tuple[str, str, str] | None:
    """Name, product and version of an identity."""
    return (named.name, named.product, named.version) if named else None


# A page that says many products' names as loose words: nobody may claim it.
BLOG = page(
    headers="Content-Type: text/html",
    body="<html><head><title>How to run things</title></head><body>Elasticsearch, Grafana, Prometheus, Kubernetes, "
    "Docker, Jenkins, GitLab, Gitea, Nextcloud, WordPress, HAProxy, Varnish, Squid, Tomcat, Consul, Vault, Plex, "
    "Jellyfin, Syncthing, Ollama, RabbitMQ, Kibana, Solr, Zabbix, Nagios, Cockpit, Webmin, Pi-hole, AdGuard Home, "
    "OPNsense, pfSense, UniFi, Proxmox, Synology, Portainer, MinIO, Traefik, Jupyter, Home Assistant, phpMyAdmin"
    "</body></html>",
)

HEADER_VALUES = st.text(max_size=40).filter(lambda value: value.isprintable())
PAGES = st.builds(
    http.Page,
    st.integers(100, 999),
    HEADER_VALUES,
    st.just("HTTP/1.1"),
    st.lists(
        st.tuples(
            st.sampled_from(["server", "location", "set-cookie", "via", "x-powered-by", "www-authenticate", "link"]),
            HEADER_VALUES,
        ),
        max_size=4,
    ).map(tuple),
    st.binary(max_size=80)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["version", "tagline", "kind", "meta", "data", "status"]), inner, max_size=3
            )
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["/", "/version", "/api/health"]),
    st.sampled_from([80, 443, 9200]),
)
