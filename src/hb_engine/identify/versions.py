"""Which versions of TLS a server accepts: one hello for each, on a connection of its own, and never more than a hello.

This machine's own library no longer speaks what old devices speak, so the question is asked by hand. The answer is told
only where the server gave one: silence is None, never "refused". It never finishes a handshake and sends nothing that
is worth protecting.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer
from hb_engine.model.errors import DataError
from hb_engine.wire import tls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

VERSIONS = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
# Alerts that say nothing about the version: the name or the certificate was wanted otherwise.
BESIDE_THE_POINT = ("unrecognized_name", "certificate_required", "no_application_protocol", "access_denied")


def talk(peer: Peer, version: str) -> Generator[Ask, Any, bool | None]:
    """Offer one version: True if it is accepted, False if it is refused (alert, hanging up, another version), or None.

    The reply is the server's clear flight, in which certificate_of() finds the certificate up to TLS 1.2.
    """
    reply = yield Ask(tls.client_hello(version, peer.nonce * 2, peer.host), until=tls.is_whole)
    return accepted(reply, version)


def accepted(reply: bytes, version: str) -> bool | None:
    """What a reply (kit.Reply, or bytes) to the hello of this version says."""
    if not reply:
        return False if getattr(reply, "ended", "") in ("closed", "reset") else None
    try:
        flight = tls.read(reply)
    except DataError:
        return None  # something else speaks here
    if flight.version:
        return flight.version == version
    if flight.alert in BESIDE_THE_POINT:
        return None
    return False if flight.fatal or flight.alert == "close_notify" else None


def certificate_of(reply: bytes) -> bytes | None:
    """The server's own certificate in DER, from a clear flight (up to TLS 1.2); None where there is none."""
    try:
        chain = tls.read(reply).certificates
    except DataError:
        return None
    return chain[0] if chain else None
