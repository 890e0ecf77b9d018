"""The first flights of DTLS in bytes: TLS in datagrams, with a cookie before anything costs the server (RFC 6347).

It builds a ClientHello and reads what comes back, in pieces and in any order. It refuses to decrypt, and never finishes
the handshake. DTLS 1.3 (RFC 9147) begins with the same records; servers of it answer this hello too.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError, Truncated
from hb_engine.model.record import record, replace
from hb_engine.wire import tls, tls_ciphers
from hb_engine.wire.cursor import Cursor

NAMES = {0xFEFF: "DTLSv1", 0xFEFD: "DTLSv1.2", 0xFEFC: "DTLSv1.3", 0x0100: "DTLSv0.9"}
HELLO_VERIFY = 3
RECORD_HEAD, MESSAGE_HEAD = 13, 12
MOST = 65536  # bytes of one handshake message
# What small things speak (RFC 7925): pre-shared keys, and CCM with short tags.
SMALL = (0xC0A8, 0xC0AE, 0x00A8, 0x00AE, 0x008C)


@record
class Flight:
    """What a server said in clear. A `cookie` has to be said back in a second hello; it may be empty, but not None."""

    version: str = ""
    cipher: str = ""
    cookie: bytes | None = None
    certificates: tuple[bytes, ...] = ()
    alert: str = ""
    whole: bool = False


def client_hello(random: bytes, name: str = "", cookie: bytes = b"") -> bytes:
    """One datagram with a ClientHello of DTLS 1.2; the second, with a cookie, is the second message too."""
    extensions = tls.extensions_of(0x0303, random, name, ())
    body = tls.hello_body(0xFEFD, random, extensions, cookie=cookie, more=SMALL)
    size = len(body).to_bytes(3, "big")
    sequence = (1 if cookie else 0).to_bytes(2, "big")
    message = b"\x01" + size + sequence + bytes(3) + size + body
    return b"\x16\xfe\xff\0\0" + bytes(4) + sequence + len(message).to_bytes(2, "big") + message


def read(datagrams: list[bytes]) -> Flight:
    """What the datagrams of a server say together. Raises DataError where the first of them is no DTLS."""
    pieces, alert = dict[int, tuple[int, bytearray, bytearray]](), ""
    for number, datagram in enumerate(datagrams):
        try:
            alert = _records(datagram, pieces) or alert
        except Truncated as error:
            if not number and not pieces:
                raise DataError("these bytes are no DTLS record") from error
    flight = Flight(alert=alert, whole=bool(alert))
    for sequence in sorted(pieces):
        kind, content, come = pieces[sequence]
        if 0 in come:
            break
        flight = _message(flight, kind, Cursor(content))
    return flight


def _records(datagram: bytes, pieces: dict[int, tuple[int, bytearray, bytearray]]) -> str:
    """Add the fragments of a datagram to the messages; the alert that it carries, if it does."""
    cursor, alert = Cursor(datagram), ""
    while cursor.left:
        kind, version, epoch = cursor.u8(), cursor.be16(), cursor.be16()
        cursor.skip(6)
        if kind not in (tls.CHANGE_CIPHER_SPEC, tls.ALERT, tls.HANDSHAKE) or version not in NAMES:
            raise DataError("these bytes are no DTLS record")
        content = cursor.part(cursor.be16())
        if epoch:
            continue  # encrypted
        if kind == tls.ALERT:
            alert = _alert(content) or alert
        elif kind == tls.HANDSHAKE:
            while content.left:
                _fragment(content, pieces)
    return alert


def _alert(content: Cursor) -> str:
    level, code = content.u8(), content.u8()
    return tls.ALERTS.get(code, f"alert {code}") if level == 2 or code == 0 else ""


def _fragment(content: Cursor, pieces: dict[int, tuple[int, bytearray, bytearray]]) -> None:
    """RFC 6347 4.2.2: a part of a message, at its place, and a mark for every byte that has come."""
    kind, size = content.u8(), int.from_bytes(content.take(3), "big")
    sequence = content.be16()
    at, length = int.from_bytes(content.take(3), "big"), int.from_bytes(content.take(3), "big")
    part = content.take(length)
    if size > MOST or at + length > size or sequence > 16:
        raise DataError("a DTLS message is cut into pieces that do not fit")
    if sequence not in pieces:
        pieces[sequence] = (kind, bytearray(size), bytearray(size))
    _, whole, come = pieces[sequence]
    if len(whole) == size:
        whole[at : at + length] = part
        come[at : at + length] = b"\1" * length


def _message(flight: Flight, kind: int, body: Cursor) -> Flight:
    try:
        if kind == HELLO_VERIFY:
            version = body.be16()
            return replace(flight, version=_name(version), cookie=body.take(body.u8()), whole=True)
        if kind == tls.SERVER_HELLO:
            version = body.be16()
            body.skip(32)
            body.skip(body.u8())
            return replace(flight, version=_name(version), cipher=tls_ciphers.name(body.be16()))
        if kind == tls.CERTIFICATE:
            return replace(flight, certificates=tls.chain(body))
    except Truncated as error:
        raise DataError("a DTLS message breaks off inside its own length") from error
    return replace(flight, whole=True) if kind == tls.SERVER_HELLO_DONE else flight


def _name(version: int) -> str:
    if version not in NAMES:
        raise DataError(f"a DTLS message of version {version:#06x}")
    return NAMES[version]
