"""Sends the printable characters in rows of 72, for ever (RFC 864)."""

from __future__ import annotations

CHARACTERS = bytes(range(32, 127)) * 2


def peer(connection):
    row = 0
    while True:
        connection.send(CHARACTERS[row % 95 : row % 95 + 72] + b"\r\n")
        row += 1
