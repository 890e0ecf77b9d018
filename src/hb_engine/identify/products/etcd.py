"""etcd, a store of keys: its client and its peer port tell the version to anybody. Source: etcd, api/etcdhttp."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("etcd", asks="/version", ports=(2379, 2380))


def likely(page: Page) -> bool:
    """The 404 of Go, with the headers that its client port allows to browsers."""
    allowed = page.header("access-control-allow-methods") == "POST, GET, OPTIONS, PUT, DELETE"
    return page.body == b"404 page not found\n" and allowed


def recognise(page: Page) -> Identity | None:
    """{"etcdserver":"3.4.23","etcdcluster":"3.4.0"}."""
    version, cluster = told(page.json(), "etcdserver"), told(page.json(), "etcdcluster")
    if not version or not cluster:
        return None
    return application(
        "etcd", version, evidence=f"etcdserver {version}", cpe="etcd:etcd", facts=(("cluster", cluster),)
    )
