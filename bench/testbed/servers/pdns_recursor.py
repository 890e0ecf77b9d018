"""PowerDNS Recursor, pdns_recursor(1)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DNS = Listen(53, ("domain",), product="PowerDNS", reveals="upstream")
SERVER = Server(packages=("pdns-recursor",), listens=(DNS, DNS.over("udp")))


def start(place: Place) -> None:
    """A resolver that has nobody to ask."""
    folder = place.make("/run/recursor")
    options = [
        "--daemon=no",
        "--threads=1",
        "--allow-from=0.0.0.0/0",
        "--local-address=0.0.0.0",
        "--disable-syslog=yes",
    ]
    place.spawn("pdns_recursor", "--config-dir=/tmp", f"--socket-dir={folder}", "--setuid=", "--setgid=", *options)
