"""Avahi, avahi-daemon(8): multicast DNS, asked by unicast from its own link."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

MDNS = Listen(5353, ("mdns", "zeroconf"), transport="udp")
SERVER = Server(packages=("avahi-daemon",), listens=(MDNS,))

CONFIGURATION = """
[server]
host-name=avahi
use-ipv6=no
enable-dbus=no
[publish]
publish-workstation=yes
publish-hinfo=yes
[rlimits]
"""


def start(place: Place) -> None:
    """Without D-Bus."""
    place.make("/run/avahi-daemon")
    file = place.write("avahi.conf", CONFIGURATION)
    place.spawn("avahi-daemon", "-f", file, "--no-drop-root", "--no-chroot", "--no-rlimits")
