"""Mumble's server, murmurd(1): voice over UDP, control inside TLS; both tell the version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

VOICE = Listen(64738, ("mumble", "murmur"), transport="udp", reveals="upstream")
CONTROL = Listen(64738, ("mumble", "murmur"), product="Murmur", reveals="upstream", tls=True)
SERVER = Server(packages=("mumble-server",), listens=(VOICE, CONTROL, VOICE.also(40738), CONTROL.also(40738)))


def start(place: Place) -> None:
    """One process a port, each with its own database."""
    for port in (64738, 40738):
        lines = [
            f"database=/tmp/{port}.sqlite",
            f"port={port}",
            "host=0.0.0.0",
            "bonjour=false",
            "logfile=",
            "ice=",
            "users=5",
        ]
        place.spawn("murmurd", "-fg", "-ini", place.write(f"{port}.ini", "\n".join(lines) + "\n"))
