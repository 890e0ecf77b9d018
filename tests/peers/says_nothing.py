"""Takes connections and bytes, and never says one."""

from __future__ import annotations


def peer(connection):
    connection.drain()
