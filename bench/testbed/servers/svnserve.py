"""Subversion's own server, svnserve(8)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SVN = Listen(3690, ("svnserve", "svn"), product="Subversion")
SERVER = Server(packages=("subversion",), listens=(SVN, SVN.also(43690)))


def start(place: Place) -> None:
    """No repositories. One process a port."""
    for port in ("3690", "43690"):
        place.spawn("svnserve", "-d", "--foreground", "-r", "/tmp", "--listen-port", port)
