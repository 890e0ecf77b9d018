"""GNU telnetd behind inetd, inetutils-inetd(8)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

TELNET = Listen(23, ("telnet",))
SERVER = Server(packages=("inetutils-telnetd", "inetutils-inetd"), listens=(TELNET, TELNET.also(2300)))


def start(place: Place) -> None:
    """Two lines of inetd.conf."""
    lines = "".join(f"{port} stream tcp nowait root /usr/sbin/telnetd telnetd\n" for port in (23, 2300))
    place.spawn("inetutils-inetd", "-d", place.write("inetd.conf", lines))
