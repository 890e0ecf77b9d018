"""stunnel with a Redis inside: what speaks is known only to who makes the handshake first."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

INSIDE = Listen(4433, ("redis",), product="Redis", reveals="upstream", tls=True, behind=("redis-server",))
SERVER = Server(packages=("stunnel4", "redis-server"), listens=(INSIDE, INSIDE.also(46380)))

CONFIGURATION = """
foreground = yes
pid =
cert = {certificate}
key = {key}
[one]
accept = 4433
connect = 127.0.0.1:6379
[two]
accept = 46380
connect = 127.0.0.1:6379
"""


def start(place: Place) -> None:
    """The Redis has loopback only."""
    certificate, key = place.certificate()
    place.spawn("redis-server", "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp")
    place.spawn("stunnel4", place.write("stunnel.conf", CONFIGURATION.format(certificate=certificate, key=key)))
