"""mini_httpd(8): a small web server, as devices have it."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(80, ("http",), product="mini_httpd", reveals="upstream")
SERVER = Server(packages=("mini-httpd",), listens=(HTTP, HTTP.also(8082)))


def start(place: Place) -> None:
    """One process a port, from an empty folder."""
    folder = place.make("web")
    for port in ("80", "8082"):
        place.spawn("mini_httpd", "-D", "-p", port, "-d", folder, "-u", "nobody", "-i", f"/run/mini_httpd.{port}")
