"""Distinguished names as text (RFC 4514): `CN=hb.invalid,O=Example`, most specific first.

Names come from certificates of strangers: bounded in parts, in length and in what a part may say. Types that RFC 4514
does not name but every tool does (emailAddress) are named; others keep their dots, and their value as hex. It refuses
to compare names: that is done on their bytes.
"""

from __future__ import annotations

from hb_engine.wire import der as asn1
from hb_engine.wire.cursor import Cursor

LONGEST_TEXT = 512  # characters of a whole name
LONGEST_VALUE = 256  # bytes of one value
MOST_PARTS = 64

TYPES = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.13": "description",
    "2.5.4.42": "GN",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.2.840.113549.1.9.2": "unstructuredName",
}
# ITU-T X.680: the string types that names are written in. T61String is read as everybody reads it, as Latin-1.
ENCODINGS = {0x0C: "utf-8", 0x12: "latin-1", 0x13: "latin-1", 0x14: "latin-1", 0x16: "latin-1", 0x1A: "latin-1",
             0x1C: "utf-32-be", 0x1E: "utf-16-be"}  # fmt: skip
SPECIAL = '"+,;<>\\'


def name_text(raw: bytes) -> str:
    """A Name's content (RelativeDistinguishedNames) as text, at most LONGEST_TEXT long. Raises Truncated, DataError."""
    names, parts = Cursor(raw), list[str]()
    while names.left and len(parts) < MOST_PARTS:
        together, values = asn1.expect(names, asn1.SET), list[str]()
        while together.left and len(values) < MOST_PARTS:
            values.append(_attribute(asn1.expect(together, asn1.SEQUENCE)))
        parts.append("+".join(values))
    return ",".join(reversed(parts))[:LONGEST_TEXT]


def string(tag: int, raw: bytes) -> str:
    """The text of a string type; what is not in the encoding that it claims is kept as Latin-1."""
    try:
        return raw.decode(ENCODINGS.get(tag, "utf-8"))
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _attribute(pair: Cursor) -> str:
    kind = asn1.oid(asn1.expect(pair, asn1.OID))
    tag, content = asn1.element(pair)
    raw = content.take(min(content.left, LONGEST_VALUE))
    if kind not in TYPES or tag not in ENCODINGS:
        return f"{TYPES.get(kind, kind)}=#{bytes((tag, min(len(raw), 0x7F))).hex()}{raw[:0x7F].hex()}"
    return f"{TYPES[kind]}={_escaped(string(tag, raw))}"


def _escaped(value: str) -> str:
    """RFC 4514 2.4: what would read as something else gets a backslash. NUL is written in hex."""
    last = len(value) - 1
    return "".join([_letter(letter, at == 0, at == last) for at, letter in enumerate(value)])


def _letter(letter: str, first: bool, last: bool) -> str:
    if letter == "\0":
        return "\\00"
    hidden = (letter == " " and (first or last)) or (letter == "#" and first)
    return f"\\{letter}" if letter in SPECIAL or hidden else letter
