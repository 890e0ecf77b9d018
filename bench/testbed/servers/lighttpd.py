"""lighttpd, lighttpd(8)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(80, ("http",), product="lighttpd", reveals="upstream")
SERVER = Server(packages=("lighttpd",), listens=(HTTP, HTTP.also(8181)))

CONFIGURATION = """
server.port = 80
server.document-root = "/tmp"
server.errorlog = "/dev/stderr"
$SERVER["socket"] == ":8181" { }
"""


def start(place: Place) -> None:
    """A root with nothing in it."""
    place.spawn("lighttpd", "-D", "-f", place.write("lighttpd.conf", CONFIGURATION))
