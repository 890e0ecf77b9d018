"""A TLS server that asks for a client's certificate and says no to whoever has none."""

from __future__ import annotations

import ssl
from functools import cache


def with_certificate(paths, version=None):
    """A peer with its certificate and key in these files; `version` is the newest that it speaks."""

    @cache
    def context():
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*paths)
        made.load_verify_locations(paths[0])
        made.verify_mode = ssl.CERT_REQUIRED
        if version:
            made.maximum_version = version
        return made

    def peer(connection):
        with context().wrap_socket(connection.socket, server_side=True) as secure:
            secure.recv(1)

    return peer
