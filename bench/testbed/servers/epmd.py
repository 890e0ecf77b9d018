"""Erlang's port mapper, epmd(1), without a node."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

EPMD = Listen(4369, ("epmd",), product="Erlang")
SERVER = Server(packages=("erlang-base",), listens=(EPMD, EPMD.also(44369)))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("4369", "44369"):
        place.spawn("epmd", "-port", port)
