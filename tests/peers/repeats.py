"""Repeats whatever it is sent, and so gives every probe the bytes that it may be waiting for."""

from __future__ import annotations


def peer(connection):
    while data := connection.receive():
        connection.send(data)
