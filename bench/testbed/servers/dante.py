"""Dante, danted(8): SOCKS 5 for nobody."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SOCKS = Listen(1080, ("socks5", "socks"))
SERVER = Server(packages=("dante-server",), listens=(SOCKS, SOCKS.also(41080)))

CONFIGURATION = """
logoutput: stderr
internal: 0.0.0.0 port = 1080
internal: 0.0.0.0 port = 41080
external: eth0
clientmethod: none
socksmethod: none
user.unprivileged: nobody
client pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
socks block {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
"""


def start(place: Place) -> None:
    """Clients may speak, and get nothing."""
    place.spawn("danted", "-f", place.write("danted.conf", CONFIGURATION))
