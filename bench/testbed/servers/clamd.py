"""ClamAV, clamd(8), with one signature of our own: that of the EICAR test file."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

CLAMD = Listen(3310, ("clam", "clamd"), product="ClamAV", reveals="upstream")
SERVER = Server(packages=("clamav-daemon",), listens=(CLAMD, CLAMD.also(43310)))


def start(place: Place) -> None:
    """One process a port; a clamd has one."""
    place.write("database/own.hdb", "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n")
    for port in (3310, 43310):
        lines = [
            "Foreground yes",
            f"DatabaseDirectory {place.path('database')}",
            f"TCPSocket {port}",
            "TCPAddr 0.0.0.0",
        ]
        place.spawn("clamd", "-c", place.write(f"{port}.conf", "\n".join(lines) + "\n"))
