"""rpcbind(8), over TCP and UDP."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

RPC = Listen(111, ("rpcbind",))
SERVER = Server(packages=("rpcbind",), listens=(RPC, RPC.over("udp")))


def start(place: Place) -> None:
    """The port mapper itself is the one program that it maps."""
    place.make("/run/rpcbind", user="_rpc")
    place.spawn("rpcbind", "-f", "-w")
