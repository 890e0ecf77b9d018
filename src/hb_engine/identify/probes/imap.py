"""IMAP (RFC 9051, RFC 3501): the server greets with an untagged line, and repeats the tags that we choose.

CAPABILITY says what is there, ID (RFC 2971) who it is, STARTTLS begins TLS. It refuses LOGIN and AUTHENTICATE.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.identify.lines import product, version_at
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Tls

PROBE = Probe("imap", tcp=(143,), tls=(993,), speaks="server", names=("imaps", "imap3"), alpn=("imap",))
GREETINGS = (b"* OK", b"* PREAUTH", b"* BYE")
MARKS = (
    ("Dovecot", "Dovecot imapd", "cpe:/a:dovecot:dovecot"),
    ("Courier-IMAP", "Courier imapd", "cpe:/a:double_precision_incorporated:courier_mta"),
    ("Cyrus IMAP", "Cyrus imapd", "cpe:/a:cyrus:imap"),
    ("Microsoft Exchange", "Microsoft Exchange imapd", "cpe:/a:microsoft:exchange_server"),
    ("Gimap", "Google Gmail imapd", ""),
    ("Zimbra", "Zimbra imapd", ""),
    ("Stalwart", "Stalwart imapd", ""),
    ("hMailServer", "hMailServer imapd", ""),
    ("University of Washington", "UW imapd", ""),
)


def talk(peer: Peer) -> Talk:
    """The greeting, CAPABILITY, ID where it is offered, STARTTLS where it is offered."""
    greeting = yield Ask(until=_greeted)
    line = greeting.split(b"\n")[0].rstrip(b"\r")
    if not line.upper().startswith(GREETINGS) or line[3:].strip() == b"":
        return None
    tag = b"h" + peer.nonce[:3].hex().encode()
    if line.upper().startswith(b"* BYE"):
        return _named(line, b"", guarded=True, proof="banner") if b"IMAP" in line.upper() else None
    told = yield Ask(tag + b"1 CAPABILITY\r\n", until=_tagged(tag + b"1"))
    if not _answer(told, tag + b"1"):
        return None
    words = told.upper().split()
    who = b""
    if b"ID" in words:
        who = yield Ask(tag + b"2 ID NIL\r\n", until=_tagged(tag + b"2"))
    if peer.tls:
        return _named(line, who)
    if b"STARTTLS" not in words:
        return _named(line, who, starttls="absent")
    agreed = yield Ask(tag + b"3 STARTTLS\r\n", until=_tagged(tag + b"3"))
    tls = (yield StartTls()) if _answer(agreed, tag + b"3") == b"OK" else None
    return _named(line, who, starttls="required" if b"LOGINDISABLED" in words else "offered", tls=tls)


def _named(
    line: bytes, who: bytes, starttls: str = "", tls: Tls | None = None, *, guarded: bool = False, proof: str = "nonce"
) -> Identity:
    said = text(line)
    told = dict(_pairs(who))
    name, version, cpe = product(told.get("name", ""), MARKS)
    if not name:
        name, version, cpe = product(said, MARKS)
    if not name and told.get("name"):
        name, cpe = told["name"], ()
    if told.get("version"):
        version = version_at(told["version"]) or told["version"]
        cpe = tuple([f"{part}:{version}" for part in cpe if part.count(":") == 3])
    inside = said.rpartition("(")[2].partition(")")
    return Identity(
        "imap",
        name,
        version,
        info=inside[0] if inside[1] and name.startswith("Dovecot") else "",
        system=" ".join([told[key] for key in ("os", "os-version") if told.get(key)]),
        cpe=cpe,
        proof=proof,
        evidence=said,
        guarded=guarded,
        starttls=starttls,
        tls=tls,
    )


def _pairs(who: bytes) -> list[tuple[str, str]]:
    """The quoted strings of an ID response, two by two; NIL is an empty value."""
    inside = who.partition(b"* ID (")[2].partition(b"\r\n")[0].rpartition(b")")[0]
    parts, at = list[str](), 0
    while at < len(inside) and len(parts) < 60:
        if inside[at : at + 1] == b'"':
            end = inside.find(b'"', at + 1)
            if end < 0:
                break
            parts.append(text(inside[at + 1 : end]))
            at = end + 1
        elif inside[at : at + 3].upper() == b"NIL":
            parts.append("")
            at += 3
        else:
            at += 1
    return [(name.lower(), value) for name, value in zip(parts[::2], parts[1::2], strict=False)]


def _answer(reply: bytes, tag: bytes) -> bytes:
    """OK, NO or BAD behind our tag; empty where the tag never came back."""
    for line in reply.split(b"\n"):
        parts = line.split(None, 2)
        if len(parts) > 1 and parts[0] == tag and parts[1].upper() in (b"OK", b"NO", b"BAD"):
            return parts[1].upper()
    return b""


def _tagged(tag: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.endswith(b"\n") and bool(_answer(data, tag))


def _greeted(data: bytes) -> bool:
    """A line, or bytes that cannot begin one of ours."""
    return b"\n" in data or not b"* ".startswith(data[:2])
