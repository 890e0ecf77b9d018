"""ProFTPD, whose greeting has a version only where an administrator wants that; Debian's has none."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

FTP = Listen(21, ("ftp",), product="ProFTPD")
SERVER = Server(
    packages=("libsodium23", "libpcre2-posix3", "libpam0g"), unpacked=("proftpd-core",), listens=(FTP, FTP.also(2121))
)

CONFIGURATION = """
ServerName "files"
ServerType standalone
DefaultServer on
UseIPv6 off
User nobody
Group nogroup
PidFile /run/proftpd.{port}.pid
ScoreboardFile /run/proftpd.{port}.board
Port {port}
"""


def start(place: Place) -> None:
    """One process a port."""
    for port in (21, 2121):
        place.spawn("proftpd", "-n", "-c", place.write(f"{port}.conf", CONFIGURATION.format(port=port)))
