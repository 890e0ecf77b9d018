"""A web server whose small answer unpacks to a gigabyte."""

from __future__ import annotations

import gzip

UNPACKED = 1 << 30
_BLOCK = gzip.compress(bytes(UNPACKED // 64), 9)
BODY = _BLOCK * 64  # members of gzip may follow one another (RFC 1952 2.2)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: bomb/1.0\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY


def peer(connection):
    if connection.receive().startswith(b"GET "):
        connection.send(ANSWER)
    connection.drain()
