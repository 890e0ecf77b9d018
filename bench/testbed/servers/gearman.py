"""Gearman's job server, gearmand(8)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

GEARMAN = Listen(4730, ("gearman",), product="Gearman", reveals="upstream")
SERVER = Server(packages=("gearman-job-server",), listens=(GEARMAN, GEARMAN.also(44730)))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("4730", "44730"):
        place.spawn("gearmand", "-L", "0.0.0.0", "-p", port, "-l", "stderr", "-t", "1", "-P", f"/run/gearmand.{port}")
