"""memcached(1), over TCP and UDP."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

MEMCACHED = Listen(11211, ("memcached", "memcache"), product="memcached", reveals="upstream")
SERVER = Server(
    packages=("memcached",),
    listens=(MEMCACHED, MEMCACHED.over("udp"), MEMCACHED.also(41211), MEMCACHED.also(41211).over("udp")),
)


def start(place: Place) -> None:
    """One process a port."""
    for port in ("11211", "41211"):
        place.spawn("memcached", "-u", "nobody", "-m", "16", "-t", "1", "-l", "0.0.0.0", "-p", port, "-U", port)
