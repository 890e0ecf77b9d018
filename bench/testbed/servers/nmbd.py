"""Samba's name service, nmbd(8): NetBIOS names over UDP."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

NAMES = Listen(137, ("netbios-ns",), transport="udp", product="Samba")
SERVER = Server(packages=("samba",), listens=(NAMES,))

CONFIGURATION = """
[global]
netbios name = TESTBED
workgroup = BED
interfaces = {address}/16
private dir = /tmp/samba
lock directory = /tmp/samba
state directory = /tmp/samba
cache directory = /tmp/samba
pid directory = /tmp/samba
log file = /dev/stderr
"""


def start(place: Place) -> None:
    """Knows its own name."""
    place.make("/tmp/samba")
    place.make("/run/samba/nmbd")
    file = place.write("smb.conf", CONFIGURATION.format(address=place.address))
    place.spawn("nmbd", "-F", "--no-process-group", "--debug-stdout", "-s", file)
