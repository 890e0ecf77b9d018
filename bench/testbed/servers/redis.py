"""Redis without a password."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

REDIS = Listen(6379, ("redis",), product="Redis", reveals="upstream")
SERVER = Server(packages=("redis-server",), listens=(REDIS, REDIS.also(51000)))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("6379", "51000"):
        host = ["--bind", "0.0.0.0", "--protected-mode", "no", "--port", port]
        place.spawn("redis-server", *host, "--save", "", "--dir", "/tmp")
