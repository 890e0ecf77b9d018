"""xl2tpd(8): L2TP; its answer to SCCRQ names its vendor and firmware revision, not the package's version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

L2TP = Listen(1701, ("l2tp", "L2TP"), transport="udp")
SERVER = Server(packages=("xl2tpd",), listens=(L2TP, L2TP.also(41701)))

CONFIGURATION = """
[global]
port = {port}
access control = no
[lns default]
ip range = 192.0.2.2-192.0.2.9
local ip = 192.0.2.1
"""


def start(place: Place) -> None:
    """Sessions would fail: there is no PPP behind it. One process a port."""
    place.make("/run/xl2tpd")
    for port in (1701, 41701):
        file = place.write(f"{port}.conf", CONFIGURATION.format(port=port))
        files = ["-p", f"/run/xl2tpd/{port}.pid", "-C", f"/run/xl2tpd/{port}.control"]
        place.spawn("xl2tpd", "-D", "-c", file, *files)
