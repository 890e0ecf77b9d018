"""ser2net(8), a raw serial line: whatever arrives goes to the device behind it. Here that is a recorder."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

LINE = Listen(2001, (), untouched="line", tolerated=("serial", "ser2net", "dc"))
SERVER = Server(packages=("ser2net",), listens=(LINE,))

CONFIGURATION = """%YAML 1.1
---
connection: &line
  accepter: tcp,0.0.0.0,2001
  connector: serialdev,{device},9600n81,local
"""


def start(place: Place) -> None:
    """The device is a terminal of the kernel's."""
    device = place.record("line")
    place.spawn(
        "ser2net", "-n", "-c", place.write("ser2net.yaml", CONFIGURATION.format(device=device)), "-P", "/run/ser2net"
    )
