"""endlessh(1), a tarpit: an SSH server that never gets to its version, one line every ten seconds."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

TARPIT = Listen(2222, (), tolerated=("ssh", "endlessh", "tarpit"))
SERVER = Server(packages=("endlessh",), listens=(TARPIT, Listen(22, (), tolerated=("ssh", "endlessh", "tarpit"))))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("22", "2222"):
        place.spawn("endlessh", "-4", "-p", port)
