"""Nagios' remote executor, nrpe(8): inside anonymous TLS, and in clear far from its port."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

NRPE = Listen(5666, ("nrpe",), product="NRPE", reveals="upstream", tls=True)
SERVER = Server(
    packages=("nagios-nrpe-server",),
    listens=(NRPE, Listen(45666, ("nrpe",), product="NRPE", reveals="upstream", strange=True)),
)


def start(place: Place) -> None:
    """No commands to execute. One process a port."""
    for port, options in ((5666, []), (45666, ["-n"])):
        lines = [
            f"server_port={port}",
            "server_address=0.0.0.0",
            "nrpe_user=nobody",
            "nrpe_group=nogroup",
            "allowed_hosts=10.77.0.0/16",
        ]
        file = place.write(f"{port}.cfg", "\n".join([*lines, f"pid_file=/run/{port}.pid", ""]))
        place.spawn("nrpe", "-f", "-c", file, *options)
