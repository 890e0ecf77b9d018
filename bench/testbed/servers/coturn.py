"""coturn, turnserver(1): STUN and TURN over UDP and TCP; SOFTWARE has its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

STUN = Listen(3478, ("stun",), product="Coturn", reveals="upstream")
SERVER = Server(packages=("coturn",), listens=(STUN, STUN.over("udp"), STUN.also(43478), STUN.also(43478).over("udp")))


def start(place: Place) -> None:
    """One process a port, no relaying without an account."""
    for port in ("3478", "43478"):
        options = [
            "--no-tls",
            "--no-dtls",
            "--no-cli",
            "--log-file=stdout",
            f"--pidfile=/run/{port}.pid",
            "--lt-cred-mech",
        ]
        place.spawn("turnserver", "-n", "-L", place.address, "-p", port, "-r", "testbed.invalid", *options)
