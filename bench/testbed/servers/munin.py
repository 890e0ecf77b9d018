"""Munin's node, munin-node.conf(5): greets, and tells its version to who asks."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

MUNIN = Listen(4949, ("munin",), product="munin", reveals="upstream")
SERVER = Server(packages=("munin-node",), listens=(MUNIN, MUNIN.also(44949)))

CONFIGURATION = """
log_level 4
log_file /tmp/munin.{port}.log
pid_file /run/munin.{port}.pid
background 0
setsid 0
user root
group root
host_name munin.testbed.invalid
allow ^.*$
host 0.0.0.0
port {port}
"""


def start(place: Place) -> None:
    """One process a port."""
    place.make("/run/munin")
    place.make("/var/lib/munin-node/plugin-state")
    for port in (4949, 44949):
        file = place.write(f"{port}.conf", CONFIGURATION.format(port=port))
        place.spawn("munin-node", "--foreground", "--config", file)
