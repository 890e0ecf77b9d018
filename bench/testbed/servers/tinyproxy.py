"""Tinyproxy, tinyproxy.conf(5)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

PROXY = Listen(8888, ("http-proxy",), product="tinyproxy", reveals="upstream")
SERVER = Server(packages=("tinyproxy-bin",), listens=(PROXY, PROXY.also(48888)))


def start(place: Place) -> None:
    """One process a port."""
    for port in (8888, 48888):
        file = place.write(f"{port}.conf", f"User nobody\nGroup nogroup\nPort {port}\nTimeout 60\nMaxClients 50\n")
        place.spawn("tinyproxy", "-d", "-c", file)
