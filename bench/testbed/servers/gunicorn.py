"""Gunicorn, a web server for Python: two applications as people have them, in clear and inside TLS."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(8000, ("http", "http-alt"), product="gunicorn")
SERVER = Server(
    packages=("gunicorn",),
    listens=(HTTP, HTTP.also(48001), Listen(8443, ("http", "https", "https-alt"), product="gunicorn", tls=True)),
)

APPLICATION = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"test bed"]
"""


def start(place: Place) -> None:
    """One process in clear for two ports, one inside TLS."""
    certificate, key = place.certificate()
    place.write("wsgi.py", APPLICATION)
    place.spawn("gunicorn", "-w", "1", "-b", "0.0.0.0:8000", "-b", "0.0.0.0:48001", "wsgi")
    place.spawn("gunicorn", "-w", "1", "-b", "0.0.0.0:8443", "--certfile", certificate, "--keyfile", key, "wsgi")
