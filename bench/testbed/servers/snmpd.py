"""Net-SNMP, snmpd(8), readable with the community public. sysDescr is the kernel's version, not its own."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SNMP = Listen(161, ("snmp",), transport="udp", product="net-snmp")
SERVER = Server(packages=("snmpd",), listens=(SNMP, SNMP.also(40161)))


def start(place: Place) -> None:
    """Both ports in one agent."""
    file = place.write("snmpd.conf", "rocommunity public\n")
    place.spawn("snmpd", "-f", "-Lo", "-C", "-c", file, "udp:0.0.0.0:161,udp:0.0.0.0:40161")
