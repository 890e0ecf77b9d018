"""nginx, in clear and inside TLS."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(80, ("http",), product="nginx", reveals="upstream")
HTTPS = Listen(443, ("http", "https"), product="nginx", reveals="upstream", tls=True)
SERVER = Server(packages=("nginx-light",), listens=(HTTP, HTTPS, HTTP.also(40080), HTTPS.also(40443)))

CONFIGURATION = """
daemon off;
pid /run/nginx.pid;
error_log stderr;
events {{ }}
http {{
  access_log off;
  server {{
    listen 80; listen 40080; listen 443 ssl http2; listen 40443 ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    root /usr/share/nginx/html;
  }}
}}
"""


def start(place: Place) -> None:
    """One server block for all ports."""
    certificate, key = place.certificate()
    file = place.write("nginx.conf", CONFIGURATION.format(certificate=certificate, key=key))
    place.spawn("nginx", "-e", "stderr", "-c", file)
