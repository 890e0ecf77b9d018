"""Sends zeros as fast as they are taken, ten gigabytes of them."""

from __future__ import annotations

SIZE = 10 << 30
BLOCK = bytes(1 << 16)


def peer(connection):
    while connection.seen.sent < SIZE:
        connection.send(BLOCK)
