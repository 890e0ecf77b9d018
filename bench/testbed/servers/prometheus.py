"""Prometheus: /api/v1/status/buildinfo has its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(9090, ("http",), product="Prometheus", reveals="upstream")
SERVER = Server(packages=("prometheus",), listens=(HTTP, HTTP.also(29090)))


def start(place: Place) -> None:
    """Scrapes nobody. One process a port."""
    file = place.write("prometheus.yml", "scrape_configs: []\n")
    for port in (9090, 29090):
        store = f"--storage.tsdb.path=/tmp/{port}"
        place.spawn("prometheus", f"--config.file={file}", store, f"--web.listen-address=:{port}")
