"""Greets in bytes that are no UTF-8, in the form of a protocol that is known otherwise."""

from __future__ import annotations

GREETING = b"SSH-2.0-\xff\xfe\xc3\x28_1.0 \x80\x81\r\n"


def peer(connection):
    connection.send(GREETING)
    connection.drain()
