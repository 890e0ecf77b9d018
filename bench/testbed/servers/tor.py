"""Tor without a way out: SOCKS, and the control port, which wants a password."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SOCKS = Listen(9050, ("tor-socks", "socks5", "socks"))
CONTROL = Listen(9051, ("tor-control",), product="Tor")
SERVER = Server(packages=("tor",), listens=(SOCKS, CONTROL, SOCKS.also(49050), CONTROL.also(49051)))

CONFIGURATION = """
DataDirectory /tmp/tor
SocksPort 0.0.0.0:9050
SocksPort 0.0.0.0:49050
ControlPort 0.0.0.0:9051
ControlPort 0.0.0.0:49051
HashedControlPassword 16:872860B76453A77D60CA2BB8C1A7042072093276A3D701AD684053EC4C
SocksPolicy accept *
"""


def start(place: Place) -> None:
    """It tries to reach the network, and there is none."""
    place.make("/tmp/tor", user="debian-tor", mode=0o700)
    place.spawn("tor", "-f", place.write("torrc", CONFIGURATION), user="debian-tor")
