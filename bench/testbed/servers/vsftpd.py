"""vsftpd, vsftpd.conf(5)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

FTP = Listen(21, ("ftp",), product="vsftpd", reveals="upstream")
SERVER = Server(packages=("vsftpd",), listens=(FTP, FTP.also(40021)))


def start(place: Place) -> None:
    """One process a port: vsftpd listens on one only."""
    empty = place.make("/run/vsftpd")
    for port in (21, 40021):
        file = place.write(
            f"{port}.conf", f"listen=YES\nlisten_port={port}\nbackground=NO\nsecure_chroot_dir={empty}\n"
        )
        place.spawn("vsftpd", file)
