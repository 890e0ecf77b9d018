"""Begins a TLS handshake with half of a record, and leaves it at that."""

from __future__ import annotations

HALF = b"\x16\x03\x03\x40\x00\x02\x00\x00\x4c\x03\x03" + b"\x55" * 20


def peer(connection):
    if connection.receive().startswith(b"\x16\x03"):
        connection.send(HALF)
    connection.drain()
