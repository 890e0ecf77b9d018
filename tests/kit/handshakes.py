"""A TLS server without a network: what this machine's own library answers to a ClientHello, in bytes."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import warnings


def certified(folder, subject: str = "/CN=hb.invalid") -> tuple[str, str]:
    """Paths of a fresh certificate and its key, made by openssl."""
    certificate, key = str(folder / "certificate.pem"), str(folder / "key.pem")
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    command = ["openssl", "req", "-x509", "-nodes", *kind, "-keyout", key, "-out", certificate, "-subj", subject]
    subprocess.run(command, capture_output=True, check=True)
    return certificate, key


def answer(
    hello: bytes, certificate: str, key: str, *, least="TLSv1", most="TLSv1_3", alpn=(), groups="", ask_client=False
) -> bytes:
    """What a server that speaks these versions says to a ClientHello, alerts included."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate, key)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what these tests are about
        context.minimum_version = getattr(ssl.TLSVersion, least)
        context.maximum_version = getattr(ssl.TLSVersion, most)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    if groups:
        context.set_ecdh_curve(groups)
    if ask_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate)
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(heard, said, server_side=True)
    heard.write(hello)
    with contextlib.suppress(ssl.SSLError):  # it wants more, or it refuses; both are in what it said
        server.do_handshake()
    return said.read()
