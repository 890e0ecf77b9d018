"""tftpd-hpa, in.tftpd(8): each answer comes from a port of its own."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

TFTP = Listen(69, ("tftp",), transport="udp")
SERVER = Server(packages=("tftpd-hpa",), listens=(TFTP, TFTP.also(40069)))


def start(place: Place) -> None:
    """One process a port, with nothing to give."""
    folder = place.make("empty")
    for port in (69, 40069):
        place.spawn("in.tftpd", "-L", "-4", "-a", f"0.0.0.0:{port}", "-u", "nobody", "-s", folder)
