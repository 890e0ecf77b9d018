"""Greets in escape sequences: colours, a window's title, a clipboard, a screen cleared, a report asked for."""

from __future__ import annotations

GREETING = b"SSH-2.0-\x1b[2J\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x1b[6n_9.9\x9b31m\r\n"


def peer(connection):
    connection.send(GREETING)
    connection.drain()
