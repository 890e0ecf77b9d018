"""TLS itself, by hand: for servers with which this machine's own library cannot come to terms.

A hello of TLS 1.2 down to SSL 3.0, then 1.3, each on a connection of its own, until one is answered. It names no
application: that needs a finished handshake, which the carrier makes. The certificate is told where it comes in clear.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect
from hb_engine.identify.versions import certificate_of
from hb_engine.model.errors import DataError, Truncated
from hb_engine.model.identity import Identity, Tls
from hb_engine.wire import tls, x509

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Certificate

PROBE = Probe("ssl", names=("tls", "tls-any"), anywhere=False)
ORDER = ("TLSv1.2", "TLSv1.3", "TLSv1", "SSLv3")


def talk(peer: Peer) -> Talk:
    """One hello after another, until a version is agreed on; an alert proves TLS as well."""
    alert = ""
    for number, version in enumerate(ORDER):
        if number and not (yield Reconnect()):
            break
        reply = yield Ask(tls.client_hello(version, peer.nonce * 2, peer.host), until=tls.is_whole)
        flight = _read(reply)
        if flight is None and not alert:
            return None
        if flight and flight.version:
            return _identity(flight, _certificate(reply))
        alert = (flight.alert if flight else "") or alert
        if not alert:
            return None
    return Identity("ssl", guarded=True, evidence=f"alert {alert}", tls=Tls(problem=alert)) if alert else None


def hint(reply: bytes) -> bool:
    """An alert, which TLS servers give to whatever is no hello."""
    flight = _read(reply)
    return bool(flight and flight.alert)


def _read(reply: bytes) -> tls.Flight | None:
    try:
        return tls.read(reply) if reply else None
    except DataError:
        return None


def _identity(flight: tls.Flight, certificate: Certificate | None) -> Identity:
    told = Tls(flight.version, flight.cipher, flight.alpn, certificate=certificate, problem="not finished")
    return Identity("ssl", info=flight.version, evidence=f"ServerHello {flight.version}", tls=told)


def _certificate(reply: bytes) -> Certificate | None:
    der = certificate_of(reply)
    try:
        return x509.read(der) if der else None
    except (DataError, Truncated):
        return None
