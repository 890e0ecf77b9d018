"""SMTP (RFC 5321), on 25, for submission on 587 (RFC 6409), inside TLS on 465 (RFC 8314).

The server greets first, and who speaks before it is punished (postscreen, greet_pause): EHLO comes after the greeting
only. What refuses EHLO and takes HELO is old SMTP; what refuses both is LMTP or no mail server. STARTTLS is RFC 3207.
We never send MAIL FROM: no transaction is ever begun.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.identify.lines import coded, host_of, product, reply, words
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Tls

PROBE = Probe(
    "smtp",
    tcp=(25, 587, 2525),
    tls=(465,),
    speaks="server",
    names=("submission", "submissions", "smtps", "urd", "igmpv3lite"),
)
MARKS = (
    ("Postfix", "Postfix smtpd", "cpe:/a:postfix:postfix"),
    ("Exim", "Exim smtpd", "cpe:/a:exim:exim"),
    ("Sendmail", "Sendmail", "cpe:/a:sendmail:sendmail"),
    ("OpenSMTPD", "OpenSMTPD", "cpe:/a:openbsd:opensmtpd"),
    ("Microsoft ESMTP MAIL Service,", "Microsoft IIS smtpd", ""),
    ("Microsoft ESMTP MAIL Service", "Microsoft Exchange smtpd", "cpe:/a:microsoft:exchange_server"),
    ("Haraka", "Haraka smtpd", "cpe:/a:haraka_project:haraka"),
    ("Python SMTP proxy", "Python smtpd", ""),
    ("Python SMTP", "aiosmtpd", ""),
    ("CommuniGate Pro", "CommuniGate Pro smtpd", ""),
    ("Kerio Connect", "Kerio Connect smtpd", ""),
    ("IceWarp", "IceWarp smtpd", ""),
    ("MDaemon", "MDaemon smtpd", ""),
    ("MailEnable", "MailEnable smtpd", ""),
    ("IBM Domino", "IBM Domino smtpd", ""),
    ("Lotus Domino", "Lotus Domino smtpd", ""),
    ("Stalwart", "Stalwart smtpd", ""),
    ("ProtonMail", "Proton Mail smtpd", ""),
)
REFUSALS = (421, 554)


def talk(peer: Peer) -> Talk:
    """The greeting, EHLO (or HELO), STARTTLS where it is offered."""
    code, greeting = reply((yield Ask(until=coded)))
    said = b" ".join(greeting).upper()
    if code in REFUSALS:
        return _named(greeting, guarded=True, proof="banner") if b"SMTP" in said or b"POSTFIX" in said else None
    if code != 220 or _is_other(said):
        return None
    answered, told = reply((yield Ask(b"EHLO hb.invalid\r\n", until=coded)))
    only_tls = answered == 530 and b"STARTTLS" in b" ".join(told).upper()
    if only_tls:
        told = [b"", b"STARTTLS"]
    elif answered not in (250, *REFUSALS):
        answered, told = reply((yield Ask(b"HELO hb.invalid\r\n", until=coded)))
    if not (only_tls or answered == 250 or (answered in REFUSALS and b"SMTP" in said)):
        return None
    extensions = {line.split(b" ")[0].upper() for line in told[1:]}
    if peer.tls or answered in REFUSALS:
        return _named(greeting, told, guarded=answered in REFUSALS)
    if b"STARTTLS" not in extensions:
        return _named(greeting, told, starttls="absent")
    agreed, _ = reply((yield Ask(b"STARTTLS\r\n", until=coded)))
    tls = (yield StartTls()) if agreed == 220 else None
    return _named(greeting, told, starttls="required" if only_tls else "offered", tls=tls)


def _named(
    greeting: list[bytes],
    told: list[bytes] | None = None,
    starttls: str = "",
    tls: Tls | None = None,
    *,
    guarded: bool = False,
    proof: str = "structure",
) -> Identity:
    said = words(greeting)
    name, version, cpe = product(said, MARKS)
    methods = next((line for line in told or [] if line.upper().startswith(b"AUTH ")), b"")
    return Identity(
        "smtp",
        name,
        version,
        info=_distribution(said) if name else "",
        hostname=host_of(said, "ESMTP") or host_of(words(told[:1] if told else []), "Hello"),
        system="Windows" if name.startswith("Microsoft") else "",
        cpe=cpe,
        proof=proof,
        evidence=said,
        guarded=guarded,
        starttls=starttls,
        tls=tls,
        facts=(("authentication", text(methods[5:])),) if methods else (),
    )


def _distribution(said: str) -> str:
    """What stands in brackets behind Postfix: (Debian/GNU)."""
    inside = said.partition("Postfix (")[2].partition(")")
    return inside[0] if inside[1] else ""


def _is_other(said: bytes) -> bool:
    """A greeting that says it is something else: FTP, LMTP, VMware's daemon; dict ends with a message id."""
    last = said.split(b" ")[-1]
    if b"SMTP" in said:
        return False
    return b"FTP" in said or b"LMTP" in said or b"VMWARE AUTH" in said or (last[:1] == b"<" and last[-1:] == b">")
