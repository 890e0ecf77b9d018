"""NSD, nsd(8)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DNS = Listen(53, ("domain",), product="NSD", reveals="upstream")
SERVER = Server(packages=("nsd",), listens=(DNS, DNS.over("udp")))

CONFIGURATION = """
server:
  ip-address: 0.0.0.0
  username: ""
  chroot: ""
  pidfile: "/run/nsd.pid"
  zonelistfile: "/tmp/zones"
  xfrdfile: "/tmp/xfrd"
  database: ""
  hide-version: no
remote-control:
  control-enable: no
"""


def start(place: Place) -> None:
    """Authoritative for nothing."""
    place.spawn("nsd", "-d", "-c", place.write("nsd.conf", CONFIGURATION))
