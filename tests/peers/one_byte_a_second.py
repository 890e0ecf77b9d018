"""Gives a byte now and then, for ever: each arrival tempts a client to wait a little longer. (Seconds are scaled down.)"""

from __future__ import annotations

SECOND = 0.05


def peer(connection):
    while not connection.pause(SECOND):
        connection.send(b"x")
