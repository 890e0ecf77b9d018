"""Varnish: the cache, which tells two numbers of its version in Via, and its CLI, which wants a secret first."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(6081, ("http", "http-proxy"), product="Varnish", reveals="minor")
CLI = Listen(6082, ("varnish-cli",), product="Varnish")
SERVER = Server(packages=("varnish", "gcc", "libc6-dev"), listens=(HTTP, CLI, HTTP.also(46081), CLI.also(46082)))


def start(place: Place) -> None:
    """Without a backend: 503, made by Varnish. It compiles its configuration, hence the compiler."""
    for name, offset in (("one", 0), ("two", 40000)):
        folder = place.make(name, user="vcache")
        ports = ["-a", f":{6081 + offset}", "-T", f"{place.address}:{6082 + offset}"]
        secret = place.write(f"{name}.secret", "nobody-has-this\n")
        place.spawn("varnishd", "-F", *ports, "-S", secret, "-b", "none", "-s", "malloc,16m", "-n", folder)
