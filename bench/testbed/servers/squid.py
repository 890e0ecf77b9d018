"""Squid, the caching proxy: every error page of its own has its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

PROXY = Listen(3128, ("http-proxy",), product="Squid", reveals="upstream")
SERVER = Server(packages=("squid",), listens=(PROXY, PROXY.also(43128)))

CONFIGURATION = """
http_port 3128
http_port 43128
acl all_of_them src all
http_access deny all_of_them
cache_log /dev/stderr
access_log none
pid_filename /run/squid.pid
cache_mem 8 MB
coredump_dir /tmp
shutdown_lifetime 1 second
"""


def start(place: Place) -> None:
    """Denies everything; -N stays one process."""
    place.spawn("squid", "-N", "-f", place.write("squid.conf", CONFIGURATION))
