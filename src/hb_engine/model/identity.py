"""What an answer proves: the service, its product and version, its TLS, and the kind of proof.

Names of services are nmap's (ssh, http, domain, postgresql), so that tools can be compared. Texts are strangers' words,
bounded by whoever read them, unescaped: only the faces escape.
"""

from __future__ import annotations

from hb_engine.model.record import record

# Strongest first. nonce: something of ours came back inside a parsed answer; structure: the answer was parsed;
# banner: a line that only this service says; pattern: a likeness; port: nothing but the number.
PROOFS = ("nonce", "structure", "banner", "pattern", "port")


@record
class Certificate:
    """An X.509 certificate (RFC 5280), as far as people ask of it. Times are seconds since the epoch."""

    subject: str
    issuer: str
    names: tuple[str, ...] = ()  # subject alternative names: DNS names and addresses
    not_before: int = 0
    not_after: int = 0
    sha256: str = ""  # of the DER bytes, in hex
    serial: str = ""  # in hex
    key: str = ""  # RSA 2048, EC P-256, Ed25519
    signature: str = ""  # sha256WithRSAEncryption
    self_signed: bool = False


@record
class Tls:
    """What a handshake told. `how` is implicit or starttls; `versions` are those that were seen to be accepted."""

    version: str = ""  # TLSv1.3, TLSv1.2, TLSv1.1, TLSv1, SSLv3, DTLSv1.2
    cipher: str = ""
    alpn: str = ""
    how: str = "implicit"
    versions: tuple[str, ...] = ()
    certificate: Certificate | None = None
    problem: str = ""  # why the handshake did not come to its end, if it did not


@record
class Identity:
    """A service by name, and what proved it."""

    name: str
    product: str = ""
    version: str = ""
    info: str = ""  # further words: protocol 2.0, Debian 2+deb12u3
    hostname: str = ""  # as the service calls its machine
    system: str = ""  # operating system
    device: str = ""  # kind of device: printer, router
    cpe: tuple[str, ...] = ()  # cpe:/a:vendor:product:version, only where proven
    proof: str = "structure"  # one of PROOFS
    evidence: str = ""  # the words or the structure that proved it, at most 200 characters
    guarded: bool = False  # it wants a password, or refuses us, and is named all the same
    starttls: str = ""  # offered, required, absent; empty where it was not asked or does not exist
    tls: Tls | None = None
    facts: tuple[tuple[str, str], ...] = ()  # more that was told: title, realm, instance
