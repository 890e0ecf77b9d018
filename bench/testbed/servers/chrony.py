"""chrony, chronyd(8): NTP tells the protocol's version alone."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

NTP = Listen(123, ("ntp",), transport="udp")
SERVER = Server(packages=("chrony",), listens=(NTP, NTP.also(41230)))


def start(place: Place) -> None:
    """Serves its own clock, and leaves the machine's alone (-x). One process a port."""
    place.make("/run/chrony", mode=0o750)
    for port in (123, 41230):
        lines = [
            "local stratum 10",
            "allow all",
            "cmdport 0",
            f"port {port}",
            f"pidfile /run/{port}.pid",
            "bindcmdaddress /",
        ]
        place.spawn("chronyd", "-d", "-x", "-u", "root", *lines)
