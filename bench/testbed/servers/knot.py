"""Knot DNS, knotd(8); version.bind tells it."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DNS = Listen(53, ("domain",), product="Knot", reveals="upstream")
SERVER = Server(packages=("knot",), listens=(DNS, DNS.over("udp")))

CONFIGURATION = """
server:
  listen: 0.0.0.0@53
  rundir: /run/knot
  user: root
database:
  storage: /tmp
log:
- target: stderr
  any: info
"""


def start(place: Place) -> None:
    """Authoritative for nothing."""
    place.make("/run/knot")
    place.spawn("knotd", "-c", place.write("knot.conf", CONFIGURATION))
