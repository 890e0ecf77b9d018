"""Gives a byte now and then, for ever: each one tempts a client to wait a bit longer. (Seconds are scaled.)"""

from __future__ import annotations

SECOND = 0.05


def peer(connection):
    while not connection.pause(SECOND):
        connection.send(b"x")
