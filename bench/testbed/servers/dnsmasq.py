"""dnsmasq(8), as home routers have it."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DNS = Listen(53, ("domain",), product="dnsmasq", reveals="upstream")
SERVER = Server(
    packages=("dnsmasq-base",), listens=(DNS, DNS.over("udp"), DNS.also(45353), DNS.also(45353).over("udp"))
)


def start(place: Place) -> None:
    """One process a port."""
    for port in (53, 45353):
        options = [
            "--port",
            str(port),
            "--listen-address",
            place.address,
            "--bind-interfaces",
            "--no-resolv",
            "--pid-file=",
        ]
        place.spawn("dnsmasq", "-k", "--conf-file=/dev/null", "--user=root", *options)
