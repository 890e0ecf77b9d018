"""BitlBee: an IRC server that is a gateway."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

IRC = Listen(6667, ("irc",), product="BitlBee")
SERVER = Server(packages=("bitlbee",), listens=(IRC, IRC.also(46669)))


def start(place: Place) -> None:
    """One process a port."""
    folder = place.make("/tmp/bitlbee", user="bitlbee")
    for port in ("6667", "46669"):
        file = place.write(f"{port}.conf", f"[settings]\nDaemonInterface = 0.0.0.0\nDaemonPort = {port}\n")
        place.spawn("bitlbee", "-D", "-n", "-v", "-c", file, "-d", folder, "-P", f"/tmp/bitlbee/{port}", user="bitlbee")
