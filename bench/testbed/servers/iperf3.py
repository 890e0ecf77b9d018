"""iperf3(1): silent until a client names its test."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

IPERF = Listen(5201, ("iperf3",))
SERVER = Server(packages=("iperf3",), listens=(IPERF, IPERF.also(45201)))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("5201", "45201"):
        place.spawn("iperf3", "-s", "-p", port)
