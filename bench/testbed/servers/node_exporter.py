"""Prometheus' node_exporter, on a port that belongs to printers."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(9100, ("http",), product="node", reveals="upstream")
SERVER = Server(packages=("prometheus-node-exporter",), listens=(HTTP, HTTP.also(19999)))


def start(place: Place) -> None:
    """One process a port."""
    for port in (9100, 19999):
        place.spawn("prometheus-node-exporter", f"--web.listen-address=:{port}")
