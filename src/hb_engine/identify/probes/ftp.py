"""FTP (RFC 959): the server greets with 220, and answers FEAT (RFC 2389) or SYST as only FTP does.

SMTP, LMTP and dict greet with 220 too; what says that it is one of them is never spoken to. TLS is asked for with AUTH
TLS (RFC 4217), or is there from the first byte on port 990. We never send USER: that would begin a login, so whether
TLS is required there is not known.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls
from hb_engine.identify.lines import coded, host_of, product, reply, words
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Tls

PROBE = Probe("ftp", tcp=(21, 2121), tls=(990,), speaks="server", names=("ftps", "ftp-control"), alpn=("ftp",))
OTHERS = (b"SMTP", b"LMTP", b"POSTFIX", b"EXIM", b"VMWARE AUTHENTICATION DAEMON")
MARKS = (
    ("vsFTPd", "vsftpd", "cpe:/a:vsftpd:vsftpd"),
    ("ProFTPD", "ProFTPD", "cpe:/a:proftpd:proftpd"),
    ("Pure-FTPd", "Pure-FTPd", "cpe:/a:pureftpd:pure-ftpd"),
    ("FileZilla Server", "FileZilla ftpd", "cpe:/a:filezilla-project:filezilla_server"),
    ("Microsoft FTP Service", "Microsoft ftpd", "cpe:/a:microsoft:internet_information_services"),
    ("pyftpdlib", "pyftpdlib", ""),
    ("GNU inetutils", "GNU inetutils ftpd", "cpe:/a:gnu:inetutils"),
    ("Linux-ftpd", "Linux-ftpd", ""),
    ("Serv-U FTP", "Serv-U ftpd", "cpe:/a:solarwinds:serv-u"),
    ("WS_FTP", "WS_FTP Server", ""),
    ("bftpd", "Bftpd", "cpe:/a:bftpd_project:bftpd"),
    ("glFTPd", "glFTPd", ""),
    ("CrushFTP", "CrushFTP", ""),
)


def talk(peer: Peer) -> Talk:
    """The greeting, FEAT, SYST where FEAT is not known, and AUTH TLS."""
    greeting = yield Ask(until=coded)
    code, lines = reply(greeting)
    said = b" ".join(lines)
    if code not in (120, 220, 421, 530) or any(other in said.upper() for other in OTHERS) or _is_dict(lines):
        return None
    if code != 220:
        return _named(lines, guarded=True, proof="banner") if b"FTP" in said.upper() else None
    features_code, features = reply((yield Ask(b"FEAT\r\n", until=coded)))
    system = ""
    if features_code != 211:
        answered, told = reply((yield Ask(b"SYST\r\n", until=coded)))
        if not _is_ftp(answered, told) and not _is_ftp(features_code, features):
            return None
        system = words(told) if answered == 215 else ""
    named = _named(lines, info=system)
    if peer.tls:
        return named
    if features_code == 211 and not any(b"TLS" in line.upper() for line in features):
        return _named(lines, info=system, starttls="absent")
    agreed, _ = reply((yield Ask(b"AUTH TLS\r\n", until=coded)))
    tls = (yield StartTls()) if agreed == 234 else None
    return _named(lines, info=system, starttls="offered" if agreed == 234 else "absent", tls=tls)


def _named(
    lines: list[bytes],
    info: str = "",
    starttls: str = "",
    tls: Tls | None = None,
    *,
    guarded: bool = False,
    proof: str = "",
) -> Identity:
    said = words(lines)
    name, version, cpe = product(said, MARKS)
    return Identity(
        "ftp",
        name,
        version,
        info=info,
        hostname=host_of(said, "FTP server"),
        system="Windows" if name == "Microsoft ftpd" else "",
        cpe=cpe,
        proof=proof or "structure",
        evidence=said,
        guarded=guarded,
        starttls=starttls,
        tls=tls,
    )


def _is_ftp(code: int, lines: list[bytes]) -> bool:
    """215 to SYST, or 530 that asks for USER and PASS: SMTP's 530 asks for STARTTLS or authentication."""
    said = b" ".join(lines).upper()
    return code == 215 or (code == 530 and b"STARTTLS" not in said and (b"USER" in said or b"LOG" in said))


def _is_dict(lines: list[bytes]) -> bool:
    """RFC 2229 3.1: capabilities and a message id in angle brackets end the greeting."""
    last = lines[0].split(b" ")[-1] if lines else b""
    return last.startswith(b"<") and last.endswith(b">") and b"@" in last
