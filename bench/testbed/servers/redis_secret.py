"""Redis with a password: every command but AUTH is refused, and that refusal is all the proof there is."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

REDIS = Listen(6379, ("redis",), product="Redis")
SERVER = Server(packages=("redis-server",), listens=(REDIS, REDIS.also(51001)))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("6379", "51001"):
        host = ["--bind", "0.0.0.0", "--port", port, "--requirepass", "nobody-has-this"]
        place.spawn("redis-server", *host, "--save", "", "--dir", "/tmp")
