"""Takes connections and resets them at once."""

from __future__ import annotations

import socket


def peer(connection):
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
