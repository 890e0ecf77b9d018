"""An X.509 certificate as people ask of it: whose it is, who says so, for which names, until when (RFC 5280).

It checks no signature and no chain: it reads what a stranger presented. Everything is bounded, names and texts as well
as the number of each, and broken input is Truncated or DataError, never a certificate with guesses in it.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError
from hb_engine.model.identity import Certificate
from hb_engine.wire import der as asn1
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.distinguished import name_text, string

LONGEST_NAME = 253  # characters of one alternative name: that of a domain name
MOST_NAMES = 100
MOST_EXTENSIONS = 100
LONGEST_SERIAL = 40  # bytes; RFC 5280 4.1.2.2 allows 20
VERSION, EXTENSIONS = 0xA0, 0xA3
DNS_NAME, IP_ADDRESS = 0x82, 0x87
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SUBJECT_KEY, ALTERNATIVE_NAMES, AUTHORITY_KEY = "2.5.29.14", "2.5.29.17", "2.5.29.35"

KEYS = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.10040.4.1": "DSA",
    "1.2.840.10045.2.1": "EC",
    "1.3.101.110": "X25519",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}
CURVES = {
    "1.2.840.10045.3.1.1": "P-192",
    "1.3.132.0.33": "P-224",
    "1.2.840.10045.3.1.7": "P-256",
    "1.3.132.0.34": "P-384",
    "1.3.132.0.35": "P-521",
    "1.3.132.0.10": "secp256k1",
    "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
    "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
    "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
    "1.2.156.10197.1.301": "SM2",
}
SIGNATURES = {
    "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "rsassaPss",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10040.4.3": "dsa-with-SHA1",
    "2.16.840.1.101.3.4.3.1": "dsa-with-SHA224",
    "2.16.840.1.101.3.4.3.2": "dsa-with-SHA256",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "1.2.156.10197.1.501": "SM2-with-SM3",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}


def read(der: bytes) -> Certificate:
    """The certificate in these bytes. Raises Truncated and DataError.

    `self_signed` is told by names and key identifiers: the signature itself is not verified.
    """
    import hashlib  # 4 ms, and rarely is a certificate met without having waited for a network

    outer = Cursor(der)
    whole = asn1.expect(outer, asn1.SEQUENCE)
    if outer.left:
        raise DataError(f"{outer.left} bytes follow a certificate")
    body = asn1.expect(whole, asn1.SEQUENCE)
    asn1.optional(body, VERSION)
    serial = asn1.expect(body, asn1.INTEGER)
    signature = asn1.oid(asn1.expect(asn1.expect(body, asn1.SEQUENCE), asn1.OID))
    issuer = _raw(body)
    validity = asn1.expect(body, asn1.SEQUENCE)
    begins, ends = _time(validity), _time(validity)
    subject = _raw(body)
    key = _key(asn1.expect(body, asn1.SEQUENCE))
    names, own_key, signing_key = _extensions(body)
    same_key = not own_key or not signing_key or own_key == signing_key
    return Certificate(
        name_text(subject),
        name_text(issuer),
        names,
        begins,
        ends,
        hashlib.sha256(der).hexdigest(),
        _serial(serial),
        key,
        SIGNATURES.get(signature, signature),
        self_signed=subject == issuer and same_key,
    )


def _raw(body: Cursor) -> bytes:
    """The content of a Name, to be compared and read."""
    content = asn1.expect(body, asn1.SEQUENCE)
    return content.take(content.left)


def _serial(content: Cursor) -> str:
    raw = content.take(min(content.left, LONGEST_SERIAL))
    return (raw[1:] if len(raw) > 1 and raw[0] == 0 else raw).hex()


def _time(validity: Cursor) -> int:
    """UTCTime or GeneralizedTime as seconds since the epoch; without its seconds too, as old devices write it."""
    tag, content = asn1.element(validity)
    if tag not in (UTC_TIME, GENERALIZED_TIME):
        raise DataError(f"a time has the tag {tag:#04x}")
    raw = content.take(content.left)
    digits, mark = raw[:-1], raw[-1:]
    width = 2 if tag == UTC_TIME else 4
    if mark != b"Z" or not digits.isdigit() or len(digits) not in (width + 8, width + 10):
        raise DataError(f"a time of {len(raw)} bytes cannot be read")
    year = int(digits[:width])
    if tag == UTC_TIME:
        year += 1900 if year >= 50 else 2000  # RFC 5280 4.1.2.5.1
    month, day, hour, minute = [int(digits[at : at + 2]) for at in range(width, width + 8, 2)]
    second = int(digits[width + 8 :] or 0)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60):
        raise DataError("a time that no calendar has")
    return _days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so that leap days come last."""
    year -= month <= 2
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + of_year - 719468


def _key(info: Cursor) -> str:
    """SubjectPublicKeyInfo: the kind of key with its size or curve."""
    algorithm = asn1.expect(info, asn1.SEQUENCE)
    identifier = asn1.oid(asn1.expect(algorithm, asn1.OID))
    kind = KEYS.get(identifier, identifier)
    if kind in ("RSA", "RSA-PSS"):
        public = asn1.expect(info, asn1.BIT_STRING)
        public.skip(1)  # the number of unused bits
        return f"{kind} {asn1.bits(asn1.expect(asn1.expect(public, asn1.SEQUENCE), asn1.INTEGER))}"
    if kind == "DSA" and algorithm.left:
        return f"DSA {asn1.bits(asn1.expect(asn1.expect(algorithm, asn1.SEQUENCE), asn1.INTEGER))}"
    if kind == "EC":
        named = asn1.optional(algorithm, asn1.OID)
        curve = asn1.oid(named) if named else "explicit parameters"
        return f"EC {CURVES.get(curve, curve)}"
    return kind


def _extensions(body: Cursor) -> tuple[tuple[str, ...], bytes, bytes]:
    """Alternative names, the key's own identifier and that of the key that signed; empty where they are not told."""
    names, own_key, signing_key = tuple[str, ...](), b"", b""
    for tag in (0x81, 0x82, 0xA1, 0xA2):  # the unique identifiers of X.509 version 2
        asn1.optional(body, tag)
    wrapped = asn1.optional(body, EXTENSIONS)
    listed = asn1.expect(wrapped, asn1.SEQUENCE) if wrapped else Cursor(b"")
    for _ in range(MOST_EXTENSIONS):
        if not listed.left:
            break
        extension = asn1.expect(listed, asn1.SEQUENCE)
        kind = asn1.oid(asn1.expect(extension, asn1.OID))
        asn1.optional(extension, asn1.BOOLEAN)  # critical
        value = asn1.expect(extension, asn1.OCTET_STRING)
        if kind == ALTERNATIVE_NAMES:
            names = _names(value)
        elif kind == SUBJECT_KEY:
            identifier = asn1.expect(value, asn1.OCTET_STRING)
            own_key = identifier.take(identifier.left)
        elif kind == AUTHORITY_KEY:
            identified = asn1.optional(asn1.expect(value, asn1.SEQUENCE), 0x80)
            signing_key = identified.take(identified.left) if identified else b""
    return names, own_key, signing_key


def _names(value: Cursor) -> tuple[str, ...]:
    """DNS names and addresses of a subject alternative name; other kinds of names are passed over."""
    names, listed = list[str](), asn1.expect(value, asn1.SEQUENCE)
    while listed.left and len(names) < MOST_NAMES:
        tag, content = asn1.element(listed)
        raw = content.take(min(content.left, LONGEST_NAME))
        if tag == DNS_NAME:
            names.append(string(0x16, raw))
        elif tag == IP_ADDRESS and len(raw) in (4, 16):
            names.append(_address(raw))
    return tuple(names)


def _address(raw: bytes) -> str:
    import ipaddress  # only for certificates that carry addresses

    return str(ipaddress.ip_address(raw))
