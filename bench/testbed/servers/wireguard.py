"""WireGuard as a program, wireguard-go: it answers nobody whose key it does not know, so nothing can be proved."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SERVER = Server(
    packages=("wireguard-go", "wireguard-tools"),
    listens=(Listen(51820, (), transport="udp", tolerated=("wireguard",)),),
)


def start(place: Place) -> None:
    """An interface with a key of its own and no peers. Its port is bound once the interface is up."""
    key = place.write("key", place.run("wg", "genkey"), mode=0o600)
    up = f"wg set wg0 listen-port 51820 private-key {key} && ip link set wg0 up"
    place.spawn("wireguard-go", "-f", "wg0")
    place.run("sh", "-c", f"until ip link show wg0 && test -S /var/run/wireguard/wg0.sock; do sleep 0.1; done; {up}")
