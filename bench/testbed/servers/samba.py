"""Samba, smbd(8): what it says of its version is made up for the sake of Windows."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SMB = Listen(445, ("microsoft-ds", "netbios-ssn", "smb"), product="Samba")
SERVER = Server(
    packages=("samba",),
    listens=(SMB, Listen(139, ("netbios-ssn", "microsoft-ds", "smb"), product="Samba"), SMB.also(40445)),
)

CONFIGURATION = """
[global]
smb ports = 445 139 40445
disable spoolss = yes
load printers = no
map to guest = Bad User
private dir = /tmp/samba
lock directory = /tmp/samba
state directory = /tmp/samba
cache directory = /tmp/samba
pid directory = /tmp/samba
ncalrpc dir = /tmp/samba/ncalrpc
log file = /dev/stderr
"""


def start(place: Place) -> None:
    """No shares."""
    place.make("/tmp/samba")
    place.make("/run/samba")
    file = place.write("smb.conf", CONFIGURATION)
    place.spawn("smbd", "-F", "--no-process-group", "--debug-stdout", "-s", file)
