"""Unbound, unbound.conf(5)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DNS = Listen(53, ("domain",), product="Unbound", reveals="upstream")
SERVER = Server(packages=("unbound",), listens=(DNS, DNS.over("udp"), DNS.also(40054), DNS.also(40054).over("udp")))

CONFIGURATION = """
server:
  interface: 0.0.0.0@53
  interface: 0.0.0.0@40054
  access-control: 0.0.0.0/0 allow
  do-daemonize: no
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  module-config: "iterator"
  local-zone: "." static
"""


def start(place: Place) -> None:
    """A resolver that asks nobody."""
    place.spawn("unbound", "-d", "-c", place.write("unbound.conf", CONFIGURATION))
