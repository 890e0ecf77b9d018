"""A web server that sends everybody to another port of this host, which must not be visited for it."""

from __future__ import annotations


def towards(port):
    """A peer that names this port in its redirect."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/elsewhere\r\nContent-Length: 0\r\n\r\n" % port

    def peer(connection):
        if connection.receive().startswith(b"GET "):
            connection.send(answer)
        connection.drain()

    return peer
