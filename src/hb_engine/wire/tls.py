"""The first flight of a TLS handshake, in bytes: what a client says first, and what the server answers in clear.

For versions that this machine's own TLS library refuses to speak, and for certificates of servers with which it cannot
come to terms: hb says a ClientHello and reads the answer, and never finishes. Nothing is decrypted and no key is made;
the key share of TLS 1.3 is as random as the rest. SSL 3.0 is RFC 6101, TLS 1.0 to 1.2 RFC 2246, 4346 and 5246, TLS 1.3
RFC 8446; extensions are RFC 6066, 7301, 7685 and 8422. SSL 2.0 is refused: no library speaks it any more.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError, Truncated
from hb_engine.model.record import record, replace
from hb_engine.wire import tls_ciphers
from hb_engine.wire.cursor import Cursor

NUMBERS = {"SSLv3": 0x0300, "TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304}
NAMES = {number: name for name, number in NUMBERS.items()}
CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
SERVER_HELLO, CERTIFICATE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE = 2, 11, 13, 14
SERVER_NAME, GROUPS, POINT_FORMATS, SIGNATURES, ALPN, PADDING, VERSIONS, KEY_SHARE = 0, 10, 11, 13, 16, 21, 43, 51
LONGEST_RECORD = 16384 + 2048  # RFC 5246 6.2.3
MOST_CERTIFICATES = 32
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")  # RFC 8446 4.1.3
RENEGOTIATION_INFO = 0x00FF  # the signalling suite of RFC 5746
X25519, P256, P384, P521, X448, X25519_MLKEM768 = 29, 23, 24, 25, 30, 0x11EC

ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}
# RFC 8446 4.2.3, and the SHA-1 and DSA pairs of RFC 5246 for servers that know nothing newer.
SCHEMES = (0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201,
           0x0402, 0x0202)  # fmt: skip


@record
class Flight:
    """What a server said in clear. `whole`: there is nothing more to wait for. `retry`: a HelloRetryRequest."""

    version: str = ""
    cipher: str = ""
    alpn: str = ""
    retry: bool = False
    certificates: tuple[bytes, ...] = ()  # DER, leaf first; in clear up to TLS 1.2 only
    asks_certificate: bool = False
    alert: str = ""
    fatal: bool = False
    whole: bool = False


def client_hello(version: str, random: bytes, name: str = "", alpn: tuple[str, ...] = ()) -> bytes:
    """One record with a ClientHello that offers exactly this version. `random` is 32 bytes; `name` goes out as SNI.

    Versions before TLS 1.3 have no way to refuse an older one: what the server chose is in its answer.
    """
    number = NUMBERS[version]
    newest = version == "TLSv1.3"
    extensions = b"" if version == "SSLv3" else extensions_of(number, random, name, alpn)
    body = hello_body(min(number, 0x0303), random, extensions, session=random[::-1] if newest else b"")
    if extensions and 256 <= len(body) + 4 < 512:  # RFC 7685: sizes that some middleboxes cannot bear
        padding = _extension(PADDING, bytes(max(0, 512 - len(body) - 8)))
        body = hello_body(min(number, 0x0303), random, extensions + padding, session=random[::-1] if newest else b"")
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return bytes((HANDSHAKE, 3, 0 if version == "SSLv3" else 1)) + _short(message)


def hello_body(
    number: int,
    random: bytes,
    extensions: bytes,
    *,
    session: bytes = b"",
    cookie: bytes | None = None,
    more: tuple[int, ...] = (),
) -> bytes:
    """A ClientHello without its header. A cookie, be it empty, makes it that of DTLS (RFC 6347 4.2.1).

    `more` are suites to offer beside the usual ones.
    """
    suites = tls_ciphers.offered(tls13=KEY_SHARE.to_bytes(2, "big") in _kinds(extensions))
    listed = b"".join([suite.to_bytes(2, "big") for suite in (*suites, *more, RENEGOTIATION_INFO)])
    parts = [number.to_bytes(2, "big"), random, bytes((len(session),)), session]
    if cookie is not None:
        parts += [bytes((len(cookie),)), cookie]
    parts += [_short(listed), b"\x01\x00", _short(extensions) if extensions else b""]
    return b"".join(parts)


def extensions_of(number: int, random: bytes, name: str, alpn: tuple[str, ...]) -> bytes:
    """The extensions that this version is asked with; those of TLS 1.3 where the number is that."""
    parts = list[bytes]()
    if sni := server_name(name):
        parts.append(_extension(SERVER_NAME, _short(b"\0" + _short(sni))))
    groups = (X25519, P256, P384, P521, X448) + ((X25519_MLKEM768,) if number == 0x0304 else ())
    parts.append(_extension(GROUPS, _short(_numbers(groups))))
    parts.append(_extension(POINT_FORMATS, b"\x01\x00"))
    if number >= 0x0303:
        parts.append(_extension(SIGNATURES, _short(_numbers(SCHEMES))))
    if alpn:
        parts.append(_extension(ALPN, _short(b"".join([_byte(each.encode()) for each in alpn]))))
    if number == 0x0304:
        parts.append(_extension(VERSIONS, _byte(_numbers((number,)))))
        parts.append(_extension(45, b"\x01\x01"))  # psk_dhe_ke, which some servers will not do without
        parts.append(_extension(KEY_SHARE, _short(_numbers((X25519,)) + _short(random[:32]))))
    return b"".join(parts)


def server_name(host: str) -> bytes:
    """A host as it may stand in SNI (RFC 6066 3): a name, never an address; empty where it cannot."""
    bare = host.rstrip(".")
    if not bare or ":" in bare or not bare.isascii() or len(bare) > 253 or bare.rpartition(".")[2].isdigit():
        return b""
    return bare.encode()


def read(data: bytes) -> Flight:
    """What a server has said so far; a flight that breaks off is not `whole`. Raises DataError where this is no TLS."""
    messages, alert, fatal, sealed = _records(data)
    flight = _handshake(messages)
    done = flight.whole or sealed or bool(alert and (fatal or alert == "close_notify"))
    return replace(flight, alert=alert, fatal=fatal, whole=done)


def is_whole(data: bytes) -> bool:
    """Whether nothing more has to be waited for: the flight has ended, or this never was TLS."""
    try:
        return read(data).whole
    except DataError:
        return True


def chain(body: Cursor) -> tuple[bytes, ...]:
    """A Certificate message (RFC 5246 7.4.2): the chain as it was sent, leaf first. Raises DataError."""
    found = list[bytes]()
    try:
        listed = body.part(int.from_bytes(body.take(3), "big"))
        while listed.left and len(found) < MOST_CERTIFICATES:
            found.append(listed.take(int.from_bytes(listed.take(3), "big")))
    except Truncated as error:
        raise DataError("a Certificate message breaks off inside its own length") from error
    return tuple(found)


def _records(data: bytes) -> tuple[bytes, str, bool, bool]:
    """Handshake bytes of all records, the last alert, whether it is fatal, and whether what follows is encrypted."""
    cursor, messages, alert, fatal = Cursor(data), list[bytes](), "", False
    while cursor.left >= 5:
        kind, major, _, size = cursor.u8(), cursor.u8(), cursor.u8(), cursor.be16()
        if kind not in (CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA) or major != 3 or size > LONGEST_RECORD:
            raise DataError("these bytes are no TLS record")
        if kind in (CHANGE_CIPHER_SPEC, APPLICATION_DATA):
            return b"".join(messages), alert, fatal, True
        content = cursor.take(min(size, cursor.left))
        if kind == HANDSHAKE:
            messages.append(content)
        elif len(content) == 2:
            alert, fatal = ALERTS.get(content[1], f"alert {content[1]}"), content[0] == 2
            if fatal:
                break
        elif size != 2:
            raise DataError(f"a TLS alert of {size} bytes")
    if not messages and not alert and data and data[0] not in (ALERT, HANDSHAKE):
        raise DataError("these bytes are no TLS record")
    return b"".join(messages), alert, fatal, False


def _handshake(messages: bytes) -> Flight:
    """The messages of a handshake, as far as they are whole."""
    cursor, flight = Cursor(messages), Flight()
    try:
        while cursor.left:
            kind, size = cursor.u8(), int.from_bytes(cursor.take(3), "big")
            if not flight.version and kind not in (SERVER_HELLO, 0):  # 0: HelloRequest
                raise DataError(f"a TLS handshake begins with message {kind}")
            body = cursor.part(size)
            if kind == SERVER_HELLO:
                flight = _server_hello(body)
            elif kind == CERTIFICATE:
                flight = replace(flight, certificates=chain(body))
            elif kind == CERTIFICATE_REQUEST:
                flight = replace(flight, asks_certificate=True)
            if kind == SERVER_HELLO_DONE or flight.version == "TLSv1.3":
                return replace(flight, whole=True)
    except Truncated:
        pass  # it may still come
    return flight


def _server_hello(body: Cursor) -> Flight:
    """RFC 8446 4.1.3: a ServerHello of any version, HelloRetryRequest among them."""
    try:
        number, random = body.be16(), body.take(32)
        body.skip(body.u8())
        cipher = body.be16()
        body.skip(1)
        extensions = _extensions(body.part(body.be16())) if body.left else {}
    except Truncated as error:
        raise DataError("a ServerHello breaks off inside its own length") from error
    chosen = extensions.get(VERSIONS, b"")
    if len(chosen) == 2:
        number = int.from_bytes(chosen, "big")
    if number >> 8 != 3 and not chosen:
        raise DataError(f"a ServerHello of version {number:#06x}")
    return Flight(
        NAMES.get(number, f"{number:#06x}"),
        tls_ciphers.name(cipher),
        extensions.get(ALPN, b"")[3:258].decode("latin-1"),
        retry=random == RETRY,
    )


def _extensions(cursor: Cursor) -> dict[int, bytes]:
    found = dict[int, bytes]()
    while cursor.left:
        kind = cursor.be16()
        found[kind] = cursor.take(cursor.be16())
    return found


def _kinds(extensions: bytes) -> set[bytes]:
    """The types of the extensions that we wrote ourselves."""
    cursor, found = Cursor(extensions), set[bytes]()
    while cursor.left:
        found.add(cursor.take(2))
        cursor.skip(cursor.be16())
    return found


def _extension(kind: int, content: bytes) -> bytes:
    return kind.to_bytes(2, "big") + _short(content)


def _numbers(values: tuple[int, ...]) -> bytes:
    return b"".join([value.to_bytes(2, "big") for value in values])


def _byte(content: bytes) -> bytes:
    return bytes((len(content),)) + content


def _short(content: bytes) -> bytes:
    return len(content).to_bytes(2, "big") + content
