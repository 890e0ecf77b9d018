"""git daemon, git-daemon(1)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

GIT = Listen(9418, ("git",))
SERVER = Server(packages=("git",), listens=(GIT, GIT.also(49418)))


def start(place: Place) -> None:
    """Nothing is exported. One process a port."""
    for port in (9418, 49418):
        place.spawn("git", "daemon", "--listen=0.0.0.0", f"--port={port}", "--base-path=/tmp", "--reuseaddr")
