"""LMTP (RFC 2033): SMTP for the last step of delivery. It greets alike, takes LHLO and has to refuse EHLO and HELO.

A server that says it is ESMTP or FTP is not spoken to; some LMTP servers call themselves SMTP. Nothing is delivered:
the talk ends before MAIL FROM.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls
from hb_engine.identify.lines import coded, host_of, product, reply, words
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("lmtp", tcp=(24, 2003), speaks="server", names=("priv-mail",))
MARKS = (
    ("Dovecot", "Dovecot lmtpd", "cpe:/a:dovecot:dovecot"),
    ("Cyrus LMTP", "Cyrus lmtpd", "cpe:/a:cyrus:imap"),
    ("Cyrus", "Cyrus lmtpd", "cpe:/a:cyrus:imap"),
    ("Zimbra LMTP", "Zimbra lmtpd", ""),
    ("Python SMTP", "aiosmtpd", ""),
)


def talk(peer: Peer) -> Talk:
    """The greeting, LHLO, STARTTLS where it is offered."""
    code, greeting = reply((yield Ask(until=coded)))
    said = b" ".join(greeting).upper()
    if code != 220 or b"FTP" in said or b"ESMTP" in said or b"VMWARE AUTH" in said or said.endswith(b">"):
        return None
    answered, told = reply((yield Ask(b"LHLO hb.invalid\r\n", until=coded)))
    if answered != 250:
        return None
    offered = any(line.upper().startswith(b"STARTTLS") for line in told[1:])
    starttls, tls = "" if peer.tls else "offered" if offered else "absent", None
    if starttls == "offered":
        agreed, _ = reply((yield Ask(b"STARTTLS\r\n", until=coded)))
        tls = (yield StartTls()) if agreed == 220 else None
    line = words(greeting)
    name, version, cpe = product(line, MARKS)
    inside = line.partition("(")[2].partition(")")
    return Identity(
        "lmtp",
        name,
        version,
        info=inside[0] if inside[1] else "",
        hostname=host_of(line) or host_of(words(told[:1])),
        cpe=cpe,
        evidence=line,
        starttls=starttls,
        tls=tls,
    )
