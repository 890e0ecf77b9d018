"""distccd(1): only a compilation makes it speak."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DISTCC = Listen(3632, ("distccd", "distcc"), product="distcc")
SERVER = Server(packages=("distcc", "gcc"), listens=(DISTCC, DISTCC.also(43632)))


def start(place: Place) -> None:
    """One process a port; open to all, who have no way here."""
    place.run("update-distcc-symlinks")
    for port in ("3632", "43632"):
        options = ["--no-detach", "--daemon", "--log-stderr", "--jobs", "2", "--user", "nobody", "--allow", "0.0.0.0/0"]
        place.spawn("distccd", *options, "--listen", "0.0.0.0", "--port", port)
