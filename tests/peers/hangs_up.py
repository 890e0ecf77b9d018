"""Takes connections and closes them at once, as access lists do."""

from __future__ import annotations


def peer(connection):
    del connection  # whose socket is closed when this returns
