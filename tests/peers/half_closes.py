"""Says a greeting and closes its own direction, but goes on to read, for ever."""

from __future__ import annotations

import socket


def peer(connection):
    connection.send(b"go away\n")
    connection.socket.shutdown(socket.SHUT_WR)
    connection.drain()
