"""Is another service on every connection."""

from __future__ import annotations

BANNERS = (b"alpha one\r\n", b"220 two\r\n", b"* three\r\n", b"+four\r\n", b"<five>\r\n")


def peer(connection):
    connection.send(BANNERS[connection.number % len(BANNERS)])
    connection.drain()
