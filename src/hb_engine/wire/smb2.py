"""SMB 2 and 3 up to the challenge (MS-SMB2), and SMB 1 as far (MS-CIFS, MS-SMB): what is said before anybody logs in.

Requests are framed as on TCP 445 and in a NetBIOS session (RFC 1002 4.3.1): a zero and three bytes of length. It
refuses to go further than the first SESSION_SETUP: no credentials, no session, no tree.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.errors import Truncated
from hb_engine.model.record import record
from hb_engine.wire.ber import oid, tlv
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.ntlm import NEGOTIATE

MAGIC, MAGIC_1 = b"\xfeSMB", b"\xffSMB"
DIALECTS = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1"}
MORE_PROCESSING = 0xC0000016
EPOCH = 11644473600  # seconds from 1601 to 1970
_BODY = Struct("<HHHH16sIIIIQQ")
SPNEGO, NTLMSSP = "1.3.6.1.5.5.2", "1.3.6.1.4.1.311.2.2.10"


@record
class Negotiated:
    """The answer to NEGOTIATE (2.2.4). Times are seconds since the epoch, 0 where they are not told."""

    dialect: str
    signing: str  # required, enabled, or empty
    guid: bytes
    time: int = 0
    booted: int = 0


def negotiate(guid: bytes, salt: bytes) -> bytes:
    """NEGOTIATE (2.2.3) with every dialect from 2.0.2 to 3.1.1; guid has 16 bytes, salt 32."""
    dialects = b"".join([dialect.to_bytes(2, "little") for dialect in DIALECTS])
    start = 64 + 36 + len(dialects)
    padding = bytes(-start % 8)
    # one context: preauthentication integrity by SHA-512 (2.2.3.1.1), which 3.1.1 asks for
    context = Struct("<HHIHHH").pack(1, 38, 0, 1, len(salt), 1) + salt
    offset = Struct("<IHH").pack(start + len(padding), 1, 0)
    body = Struct("<HHHHI").pack(36, len(DIALECTS), 1, 0, 0x7F) + guid + offset + dialects + padding + context
    return _framed(_header(0, 0) + body)


def session_setup() -> bytes:
    """SESSION_SETUP (2.2.5) with NTLM's first message, which asks for the challenge and names nobody."""
    token = spnego(NEGOTIATE)
    return _framed(_header(1, 1) + Struct("<HBBIIHHQ").pack(25, 0, 1, 1, 0, 64 + 24, len(token), 0) + token)


def spnego(token: bytes) -> bytes:
    """A first SPNEGO token (RFC 4178 4.2.1) that offers NTLM alone."""
    offer = tlv(0xA0, tlv(0x30, oid(NTLMSSP))) + tlv(0xA2, tlv(0x04, token))
    return tlv(0x60, oid(SPNEGO), tlv(0xA0, tlv(0x30, offer)))


def negotiated(data: bytes) -> Negotiated | None:
    """The answer to `negotiate`, or None where these bytes are none."""
    try:
        cursor = Cursor(data, 4)
        head = cursor.take(64)
        body = cursor.unpack(_BODY)
    except Truncated:
        return None
    size, mode, dialect, _, guid, _, _, _, _, time, booted = body
    if head[:4] != MAGIC or head[12:14] != b"\0\0" or not head[16] & 1 or size != 65 or dialect not in DIALECTS:
        return None
    signing = "required" if mode & 2 else "enabled" if mode & 1 else ""
    return Negotiated(DIALECTS[dialect], signing, guid, _seconds(time), _seconds(booted))


def is_setup(data: bytes) -> bool:
    """Whether these bytes are an answer to SESSION_SETUP that asks for more: one with a challenge."""
    head = data[4:68]
    status = int.from_bytes(head[8:12], "little")
    return head[:4] == MAGIC and head[12:14] == b"\1\0" and status == MORE_PROCESSING


def negotiate_1() -> bytes:
    """SMB 1 NEGOTIATE (MS-CIFS 2.2.4.52.1) for NT LM 0.12, with extended security."""
    names = b"\x02NT LM 0.12\0"
    return _framed(_header_1(0x72) + b"\0" + len(names).to_bytes(2, "little") + names)


def session_setup_1() -> bytes:
    """SMB 1 SESSION_SETUP_ANDX with extended security (MS-SMB 2.2.4.6.1) and NTLM's first message."""
    token = spnego(NEGOTIATE)
    words = Struct("<BBHHHHIHII").pack(0xFF, 0, 0, 16644, 2, 1, 0, len(token), 0, 0x80000054)
    tail = token + bytes(1 - len(token) % 2) + bytes(4)  # two empty names in UTF-16, at an even place
    return _framed(_header_1(0x73) + b"\x0c" + words + len(tail).to_bytes(2, "little") + tail)


def is_negotiated_1(data: bytes) -> bool:
    """Whether these bytes answer `negotiate_1` with our dialect, under extended security (seventeen words)."""
    head = data[4:36]
    return head[:5] == MAGIC_1 + b"\x72" and len(data) >= 39 and data[36] == 17 and data[37:39] == b"\0\0"


def native_names_1(data: bytes) -> tuple[str, str]:
    """Native system and LAN manager of an answer to `session_setup_1` (MS-SMB 2.2.4.6.2); empty where it has none."""
    if data[4:9] != MAGIC_1 + b"\x73" or len(data) < 47 or data[36] != 4:
        return "", ""
    start = 47 + int.from_bytes(data[43:45], "little")
    texts = data[start + (start - 4) % 2 : start + 400].decode("utf-16-le", "replace").split("\0")
    return (texts[0], texts[1]) if len(texts) > 1 else ("", "")


def _header(command: int, message: int) -> bytes:
    return MAGIC + Struct("<HHIHHIIQIIQ").pack(64, 0, 0, command, 31, 0, 0, message, 0, 0, 0) + bytes(16)


def _header_1(command: int) -> bytes:
    """Flags: case-insensitive, canonical; flags 2: Unicode, NT status, extended security, long names."""
    return MAGIC_1 + Struct("<BIBHHQHHHHH").pack(command, 0, 0x18, 0xC803, 0, 0, 0, 0, 1, 0, 1)


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(4, "big") + message


def _seconds(filetime: int) -> int:
    """FILETIME (tenths of microseconds since 1601) as seconds since the epoch; 0 for none, or for one before it."""
    return max(filetime // 10_000_000 - EPOCH, 0)
