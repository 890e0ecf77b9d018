"""DTLS on whatever UDP port: a hello without a cookie, the same with the cookie that comes back, and a clear flight.

The handshake ends there. What is spoken inside (CoAP, VPNs, media) is not asked: DTLS itself is the finding, with its
version and certificate (RFC 6347).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.model.errors import DataError, Truncated
from hb_engine.model.identity import Identity, Tls
from hb_engine.wire import dtls, x509

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Certificate

PROBE = Probe(
    "dtls",
    udp=(4433, 5684, 3391, 2083, 5349, 4740, 10161, 10162),
    names=("coaps", "radsec-dtls", "stuns", "turns", "snmpdtls", "snmpdtls-trap", "ipfixs", "syslog-tls"),
)
MORE = 8  # datagrams of the server's flight


def talk(peer: Peer) -> Talk:
    """Two hellos at most, then listening until the flight is whole.

    Records alone are no server's: our own hello, sent back, is one too.
    """
    random = peer.nonce * 2
    first = yield Ask(dtls.client_hello(random, peer.host))
    flight = _read([first])
    if flight is None or (flight.cookie is None and not flight.cipher and not flight.alert):
        return None  # records alone prove nothing: our own hello, sent back, is made of them
    heard = [bytes(first)]
    if flight.cookie is not None:
        heard = [(yield Ask(dtls.client_hello(random, peer.host, flight.cookie)))]
    flown = _read(heard) or flight
    while not flown.whole and heard[-1] and len(heard) < MORE:
        heard.append((yield Ask(wait=1.0)))
        flown = _read(heard) or flown
    told = flight.cookie is not None or flown.cipher or flown.alert or flown.certificates
    return _identity(flight, flown) if told else None


def _read(datagrams: list[bytes]) -> dtls.Flight | None:
    try:
        return dtls.read(datagrams) if datagrams[0] else None
    except DataError:
        return None


def _identity(first: dtls.Flight, flown: dtls.Flight) -> Identity:
    """The version that was chosen; a cookie alone comes with a version that means nothing (RFC 6347 4.2.1)."""
    version = flown.version if flown.cipher else ""
    problem = flown.alert if not flown.cipher else ""
    told = (
        "HelloVerifyRequest" if first.cookie is not None else "ServerHello" if first.cipher else f"alert {first.alert}"
    )
    certificate = _certificate(flown.certificates)
    return Identity(
        "dtls",
        info=version,
        evidence=told,
        guarded=bool(problem),
        tls=Tls(version, flown.cipher, certificate=certificate, problem=problem),
    )


def _certificate(chain: tuple[bytes, ...]) -> Certificate | None:
    try:
        return x509.read(chain[0]) if chain else None
    except (DataError, Truncated):
        return None
