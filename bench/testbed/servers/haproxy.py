"""HAProxy in front of nothing: it answers 503 itself, and names neither itself nor its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(80, ("http-proxy", "http"))
SERVER = Server(
    packages=("haproxy",),
    listens=(HTTP, HTTP.also(41080), Listen(8404, ("http", "http-proxy"), product="HAProxy", reveals="upstream")),
)

CONFIGURATION = """
global
  log stderr format raw local0
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
frontend one
  bind :80
  bind :41080
  default_backend none
backend none
frontend statistics
  bind :8404
  stats enable
  stats show-legends
  stats uri /
"""


def start(place: Place) -> None:
    """With its page of statistics, which has the version."""
    place.spawn("haproxy", "-db", "-f", place.write("haproxy.conf", CONFIGURATION))
