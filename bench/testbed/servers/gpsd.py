"""gpsd(8) without a receiver."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

GPSD = Listen(2947, ("gpsd", "gpsd-ng"), product="gpsd", reveals="upstream")
SERVER = Server(packages=("gpsd",), listens=(GPSD, GPSD.also(42947)))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("2947", "42947"):
        place.spawn("gpsd", "-N", "-n", "-G", "-S", port, "-F", f"/run/gpsd.{port}")
