"""POP3 (RFC 1939): +OK comes first; CAPA (RFC 2449) says what the server is, STLS (RFC 2595) begins TLS.

It refuses USER, PASS and APOP: nothing is ever logged in.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.identify.lines import product
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Tls

PROBE = Probe("pop3", tcp=(110,), tls=(995,), speaks="server", names=("pop3s",), alpn=("pop3",))
LINE = b"\r\n"
MARKS = (
    ("Dovecot", "Dovecot pop3d", "cpe:/a:dovecot:dovecot"),
    ("Courier Mail Server", "Courier pop3d", ""),
    ("Cyrus POP3", "Cyrus pop3d", "cpe:/a:cyrus:imap"),
    ("Microsoft Exchange", "Microsoft Exchange pop3d", "cpe:/a:microsoft:exchange_server"),
    ("Qpopper", "Qpopper", ""),
    ("Stalwart", "Stalwart pop3d", ""),
    ("Zimbra POP3", "Zimbra pop3d", ""),
    ("hMailServer", "hMailServer pop3d", ""),
    ("MDaemon", "MDaemon pop3d", ""),
)


def talk(peer: Peer) -> Talk:
    """The greeting, CAPA, and STLS where it is offered."""
    greeting = yield Ask(until=_greeted)
    if not greeting.startswith((b"+OK", b"-ERR ")) or greeting[3:4] not in b" \r\n" + b"R":
        return None
    line = greeting.split(b"\n")[0].rstrip(b"\r")
    listed = yield Ask(b"CAPA\r\n", until=_listed)
    if not listed.startswith((b"+OK", b"-ERR")):
        return _named(line, (), proof="banner") if b"POP" in line.upper() else None
    lines = [part.strip() for part in listed.split(b"\n")]
    capabilities = lines[1 : lines.index(b".")] if listed.startswith(b"+OK") and b"." in lines else []
    if peer.tls:
        return _named(line, capabilities)
    if capabilities and b"STLS" not in [name.upper() for name in capabilities]:
        return _named(line, capabilities, starttls="absent")
    agreed = yield Ask(b"STLS\r\n", until=LINE)
    tls = (yield StartTls()) if agreed.startswith(b"+OK") else None
    return _named(line, capabilities, starttls="offered" if agreed.startswith(b"+OK") else "absent", tls=tls)


def _named(
    line: bytes,
    capabilities: list[bytes] | tuple[()],
    starttls: str = "",
    tls: Tls | None = None,
    proof: str = "structure",
) -> Identity:
    implementation = next((part[15:] for part in capabilities if part.upper().startswith(b"IMPLEMENTATION ")), b"")
    said = text(line)
    name, version, cpe = product(text(implementation), MARKS)
    if not name:
        name, version, cpe = product(said, MARKS)
    inside = said.partition("(")[2].partition(")")
    stamp = said.rpartition("<")[2]  # APOP's message id (RFC 1939 7): <process.clock@machine>
    return Identity(
        "pop3",
        name,
        version,
        info=inside[0] if inside[1] and name.startswith("Dovecot") else "",
        hostname=stamp.partition("@")[2].partition(">")[0] if stamp.endswith(">") else "",
        cpe=cpe,
        proof=proof,
        evidence=said,
        guarded=line.startswith(b"-ERR"),
        starttls=starttls,
        tls=tls,
    )


def _greeted(data: bytes) -> bool:
    """A line, or bytes that cannot begin one of ours."""
    return b"\n" in data or not (b"+OK".startswith(data[:3]) or b"-ERR".startswith(data[:4]))


def _listed(data: bytes) -> bool:
    """A list that ends with a dot, or one line of refusal."""
    if data.startswith(b"+OK"):
        return data.endswith((b"\n.\r\n", b"\n.\n"))
    return b"\n" in data
