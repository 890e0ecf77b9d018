"""Oracle's listener: a connection that only asks for the version, which it tells even where it refuses.

TNS is not published by Oracle; what is used here is the packet's frame, the connect packet, and VSNNUM, whose parts are
those of the client library's OCI_SERVER_RELEASE macros. Nobody logs in, no service is named.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("oracle-tns", tcp=(1521, 1526), tls=(2484,), names=("oracle", "ncube-lm", "ttc-ssl", "tcps"))
QUESTION = b"(CONNECT_DATA=(COMMAND=version))"
# Version 310, compatible 300, no options, SDU 2048, TDU 32767, NT characteristics, no line turnaround, byte order,
# length and offset of the data, largest answer, flags; then what a longer header has and nobody needs.
CONNECT = (
    b"\x01\x36\x01\x2c\0\0\x08\0\x7f\xff\x7f\x08\0\0\0\x01" + len(QUESTION).to_bytes(2, "big") + b"\0\x3a"
    b"\0\0\0\0\0\0" + bytes(24) + QUESTION
)  # fmt: skip
ACCEPT, REFUSE, REDIRECT, DATA, RESEND = 2, 4, 5, 6, 11
BANNER = b"TNSLSNR for "


def talk(peer: Peer) -> Talk:
    """Ask for the version; again where the listener wants the packet resent."""
    question = (8 + len(CONNECT)).to_bytes(2, "big") + b"\0\0\x01\0\0\0" + CONNECT
    reply = yield Ask(question, until=_whole)
    if _kind(reply) == RESEND:
        reply = yield Ask(question, until=_whole)
    kind = _kind(reply)
    if kind == ACCEPT:
        reply = reply + (yield Ask(until=BANNER))
    if kind not in (ACCEPT, REFUSE, REDIRECT):
        return None
    version, system = _version(bytes(reply))
    if not version and kind == REFUSE and b"(DESCRIPTION=" not in reply:
        return None
    return Identity(
        "oracle-tns",
        "Oracle TNS listener",
        version,
        system=system,
        cpe=(f"cpe:/a:oracle:database_server:{version}",) if version else (),
        guarded=kind == REFUSE,
        evidence=text(reply[8:]),
    )


def _kind(reply: bytes) -> int:
    """The type of a whole packet, or 0: length, checksum 0, type, flags, checksum 0."""
    size = int.from_bytes(reply[:2], "big")
    return reply[4] if 8 <= size <= len(reply) and reply[2:4] == b"\0\0" and reply[6:8] == b"\0\0" else 0


def _whole(data: bytes) -> bool:
    return len(data) >= 8 and len(data) >= int.from_bytes(data[:2], "big")


def _version(reply: bytes) -> tuple[str, str]:
    """Version and system, from the listener's words or from (VSNNUM=...)."""
    _, _, words = reply.partition(BANNER)
    if words:
        system, _, rest = words.partition(b": Version ")
        return text(rest.split(b" ", 1)[0]), text(system)
    digits = reply.partition(b"(VSNNUM=")[2].split(b")", 1)[0]
    if not digits.isdigit() or len(digits) > 10:
        return "", ""
    number = int(digits)
    if number >> 24 >= 18:  # since 18c the parts have other widths
        parts = (number >> 24, number >> 16 & 255, number >> 12 & 15, number >> 4 & 255, number & 15)
    else:
        parts = (number >> 24, number >> 20 & 15, number >> 12 & 255, number >> 8 & 15, number & 255)
    return (".".join(map(str, parts)), "") if parts[0] else ("", "")
