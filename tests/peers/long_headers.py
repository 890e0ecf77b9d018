"""A web server whose header lines do not end."""

from __future__ import annotations


def peer(connection):
    if connection.receive().startswith(b"GET "):
        connection.send(b"HTTP/1.1 200 OK\r\nServer: ")
        while True:
            connection.send(b"A" * 65536)
    connection.drain()
