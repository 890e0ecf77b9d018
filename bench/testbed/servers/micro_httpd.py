"""micro-httpd(8) behind inetd: a web server that names itself and no version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(80, ("http",), product="micro_httpd")
SERVER = Server(packages=("micro-httpd", "inetutils-inetd"), listens=(HTTP, HTTP.also(8083)))


def start(place: Place) -> None:
    """Two lines of inetd.conf."""
    lines = "".join(
        f"{port} stream tcp nowait nobody /usr/sbin/micro-httpd micro-httpd /mnt/web\n" for port in (80, 8083)
    )
    place.make("web")
    place.spawn("inetutils-inetd", "-d", place.write("inetd.conf", lines))
