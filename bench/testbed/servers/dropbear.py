"""Dropbear, dropbear(8): the SSH server of small devices."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SSH = Listen(22, ("ssh",), product="dropbear", reveals="upstream")
SERVER = Server(packages=("dropbear-bin",), listens=(SSH, SSH.also(8022)))


def start(place: Place) -> None:
    """A key made now, so that no connection waits for one."""
    key = place.path("key")
    place.run("dropbearkey", "-t", "ed25519", "-f", key)
    place.spawn("dropbear", "-F", "-E", "-r", key, "-p", "22", "-p", "8022")
