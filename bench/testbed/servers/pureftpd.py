"""Pure-FTPd, pure-ftpd(8): its greeting has no version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

FTP = Listen(21, ("ftp",), product="Pure-FTPd")
SERVER = Server(
    packages=("libpam0g", "libcap2"), unpacked=("pure-ftpd", "pure-ftpd-common"), listens=(FTP, FTP.also(2100))
)


def start(place: Place) -> None:
    """For known users, of whom there are none."""
    for port in (21, 2100):
        place.spawn("pure-ftpd", "-S", f"{place.address},{port}", "-E", "-4", "-g", place.path(f"{port}.pid"))
