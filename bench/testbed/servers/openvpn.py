"""OpenVPN without tls-auth, over UDP and TCP: it answers a reset and tells nothing more."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

OPENVPN = Listen(1194, ("openvpn",), transport="udp")
SERVER = Server(
    packages=("openvpn",),
    listens=(OPENVPN, OPENVPN.over("tcp"), OPENVPN.also(41194), OPENVPN.also(41194).over("tcp")),
)


def start(place: Place) -> None:
    """Tunnels to nowhere, in the cell."""
    certificate, key = place.certificate()
    files = ["--ca", certificate, "--cert", certificate, "--key", key, "--dh", "none"]
    for port in ("1194", "41194"):
        for protocol in ("udp4", "tcp4-server"):
            server = [
                "--mode",
                "server",
                "--tls-server",
                "--dev",
                f"tun{port}{protocol[0]}",
                "--proto",
                protocol,
                "--port",
                port,
            ]
            place.spawn("openvpn", *server, *files, "--verb", "2")
