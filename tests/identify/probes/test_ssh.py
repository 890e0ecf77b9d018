"""SSH is named by its identification string, wherever among the lines it stands."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import ssh


def test_openssh_is_named_with_its_cpe():
    told = named("ssh-openssh")
    assert (told.product, told.version, told.cpe) == ("OpenSSH", "9.2p1", ("cpe:/a:openbsd:openssh:9.2p1",))
    assert told.proof == "banner"


def test_dropbear_sends_its_keys_along_with_the_line():
    told = named("ssh-dropbear")
    assert told.evidence == "SSH-2.0-dropbear_2022.83"
    assert told.cpe == ("cpe:/a:matt_johnston:dropbear_ssh_server:2022.83",)


@pytest.mark.parametrize(
    ("line", "product", "version", "info"),
    [
        (b"SSH-2.0-libssh_0.10.6\r\n", "libssh", "0.10.6", "protocol 2.0"),
        (b"SSH-1.99-Cisco-1.25\n", "Cisco SSH", "1.25", "protocol 1.99"),
        (b"SSH-2.0-ROSSSH\r\n", "MikroTik RouterOS sshd", "", "protocol 2.0"),
        (b"SSH-2.0-Go\r\n", "Go x/crypto sshd", "", "protocol 2.0"),
        (b"Authorised use only\r\nSSH-2.0-OpenSSH_8.4p1\r\n", "OpenSSH", "8.4p1", "protocol 2.0"),
        (b"SSH-2.0-7f3a\r\n", "7f3a", "", "protocol 2.0"),
    ],
)
def test_lines_of_other_servers(line, product, version, info):
    told = ask(ssh, line)
    assert (told.product, told.version, told.info) == (product, version, info)


@pytest.mark.parametrize(
    "line",
    [
        b"SSH-2.0\r\n",
        b"SSH-3.0-OpenSSH_9\r\n",
        b"SSH 2.0-OpenSSH_9\r\n",
        b"ssh-2.0-OpenSSH_9.2p1\r\n",
        b"220 ready\r\nSSH-2.0-OpenSSH_9.2p1\r\n",
        b"+OK SSH-2.0-OpenSSH_9\r\n",
        b"Exceeded MaxStartups\r\n",
    ],
)
def test_near_misses(line):
    assert ask(ssh, line) is None


def test_nothing_is_ever_sent():
    assert first_words(ssh) == b""


def test_a_tarpit_is_not_waited_for_where_it_is_not_text():
    assert ssh._identified(b"\x00\x01")
    assert not ssh._identified(b"x7Fq0)aK\r\n")


def test_hint():
    assert ssh.hint(b"SSH-2.0-OpenSSH_9.2p1\r\nInvalid SSH identification string.\r\n")
    assert not ssh.hint(b"HTTP/1.1 400 Bad Request\r\n")
