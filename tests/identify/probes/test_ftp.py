"""FTP is told apart from mail, news and dictionaries by the answer to FEAT, or to SYST."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import ftp
from hb_engine.model.identity import Tls

GREETING, UNKNOWN = b"220 files.example ready.\r\n", b"500 Unknown command.\r\n"
FEAT = b"211-Features:\r\n AUTH TLS\r\n SIZE\r\n211 End\r\n"


@pytest.mark.parametrize(
    ("capture", "starttls", "cpe"),
    [
        ("ftp-vsftpd", "offered", "cpe:/a:vsftpd:vsftpd:3.0.3"),
        ("ftp-vsftpd-plain", "absent", "cpe:/a:vsftpd:vsftpd:3.0.3"),
        ("ftp-vsftpd-implicit", "", "cpe:/a:vsftpd:vsftpd:3.0.3"),
        ("ftp-proftpd", "offered", "cpe:/a:proftpd:proftpd"),
        ("ftp-pureftpd", "offered", "cpe:/a:pureftpd:pure-ftpd"),
        ("ftp-inetutils", "absent", "cpe:/a:gnu:inetutils:2.4"),
    ],
)
def test_starttls_and_cpe_of_real_servers(capture, starttls, cpe):
    told = named(capture)
    assert (told.starttls, told.cpe, told.proof) == (starttls, (cpe,), "structure")


def test_the_handshake_is_kept():
    assert named("ftp-vsftpd").tls == Tls("TLSv1.3", how="starttls")


def test_a_server_that_hides_its_name_is_ftp_by_feat():
    told = ask(ftp, GREETING, FEAT, b"234 go ahead\r\n", None)
    assert (told.name, told.product, told.hostname, told.starttls, told.tls) == (
        "ftp",
        "",
        "files.example",
        "offered",
        None,
    )


def test_syst_proves_where_feat_is_not_known():
    told = ask(ftp, GREETING, UNKNOWN, b"215 UNIX Type: L8\r\n", b"502 no\r\n")
    assert (told.info, told.starttls) == ("UNIX Type: L8", "absent")


def test_who_wants_a_login_for_everything_is_ftp():
    login = b"530 Please login with USER and PASS.\r\n"
    assert ask(ftp, GREETING, login, login).name == "ftp"


def test_a_refusal_that_says_ftp_is_guarded():
    told = ask(ftp, b"421 FTP service not available, too many connections\r\n")
    assert (told.guarded, told.proof) == (True, "banner")


@pytest.mark.parametrize(
    ("line", "product", "version"),
    [
        (b"220 Microsoft FTP Service\r\n", "Microsoft ftpd", ""),
        (b"220-FileZilla Server 1.8.1\r\n220 Please visit\r\n", "FileZilla ftpd", "1.8.1"),
        (b"220 ProFTPD 1.3.5 Server (ftp) [192.0.2.1]\r\n", "ProFTPD", "1.3.5"),
        (b"220 bftpd 5.7 at 192.0.2.1 ready.\r\n", "Bftpd", "5.7"),
        (b"220 Serv-U FTP Server v15.1 ready...\r\n", "Serv-U ftpd", ""),
    ],
)
def test_greetings_of_other_servers(line, product, version):
    told = ask(ftp, line, FEAT)
    assert (told.product, told.version) == (product, version)


MISSES = {
    "SMTP, by its word": [b"220 mail.example ESMTP Postfix\r\n", FEAT],
    "mail without a word": [GREETING, b"502 5.5.2 Error: command not recognized\r\n", b"502 5.5.2 Error\r\n"],
    "mail that wants TLS": [GREETING, b"530 5.7.0 Must issue a STARTTLS command first\r\n"] * 2,
    "dict": [b"220 dict.example dictd 1.13 <auth.mime> <1.2.3@dict.example>\r\n", FEAT],
    "VMware": [b"220 VMware Authentication Daemon Version 1.10: SSL Required\r\n", FEAT],
    "LMTP": [b"220 mail.example LMTP server ready\r\n", FEAT],
    "news": [b"200 news.example ready\r\n", FEAT],
    "a refusal of anybody": [b"421 Service not available\r\n"],
    "no space": [b"220ready\r\n", FEAT],
    "a code of two digits": [b"22 ready\r\n", FEAT],
    "closed": [GREETING],
}


@pytest.mark.parametrize("replies", MISSES.values(), ids=MISSES)
def test_near_misses(replies):
    assert ask(ftp, *replies) is None
