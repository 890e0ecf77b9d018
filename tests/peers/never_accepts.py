"""Listens, and never takes a connection: the kernel opens as many as its queue holds, and then leaves us waiting."""

from __future__ import annotations

import contextlib
import socket

QUEUE = 2


@contextlib.contextmanager
def listening():
    """The port of such a listener."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(QUEUE)
        yield server.getsockname()[1]
