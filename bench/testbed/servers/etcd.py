"""etcd: HTTP, with its version at /version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(2379, ("http", "etcd", "etcd-client"), product="etcd", reveals="upstream")
SERVER = Server(packages=("etcd-server",), listens=(HTTP, HTTP.also(42379)))


def start(place: Place) -> None:
    """One member that listens twice; its peer port has loopback only."""
    urls = "http://0.0.0.0:2379,http://0.0.0.0:42379"
    clients = [f"--listen-client-urls={urls}", f"--advertise-client-urls=http://{place.address}:2379"]
    place.spawn("etcd", *clients, "--listen-peer-urls=http://127.0.0.1:2380", "--data-dir=/tmp/etcd")
