"""rsync as a daemon, rsyncd.conf(5): tells the protocol's version, not its own."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

RSYNC = Listen(873, ("rsync",))
SERVER = Server(packages=("rsync",), listens=(RSYNC, RSYNC.also(40873)))


def start(place: Place) -> None:
    """No modules. One process a port."""
    for port in ("873", "40873"):
        file = place.write(f"{port}.conf", f"pid file = /run/{port}.pid\nlog file = /dev/stderr\n")
        place.spawn("rsync", "--daemon", "--no-detach", "--ipv4", f"--port={port}", f"--config={file}")
