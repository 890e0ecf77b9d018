"""BIND, named(8): version.bind tells all."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DNS = Listen(53, ("domain",), product="BIND", reveals="upstream")
SERVER = Server(packages=("bind9",), listens=(DNS, DNS.over("udp"), DNS.also(40053), DNS.also(40053).over("udp")))

CONFIGURATION = """
options {
  directory "/tmp";
  pid-file none;
  listen-on port 53 { any; };
  listen-on port 40053 { any; };
  listen-on-v6 { none; };
  recursion no;
};
controls { };
"""


def start(place: Place) -> None:
    """Authoritative for nothing."""
    place.spawn("named", "-g", "-c", place.write("named.conf", CONFIGURATION))
