"""NATS: its INFO line has everything."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

NATS = Listen(4222, ("nats",), product="NATS", reveals="upstream")
SERVER = Server(
    packages=("nats-server",),
    listens=(NATS, NATS.also(44222), Listen(8222, ("http",), product="NATS", reveals="upstream")),
)


def start(place: Place) -> None:
    """One process a port; the first with its monitoring page."""
    place.spawn("nats-server", "-a", "0.0.0.0", "-p", "4222", "-m", "8222", "-P", "/run/one.pid")
    place.spawn("nats-server", "-a", "0.0.0.0", "-p", "44222", "-P", "/run/two.pid")
