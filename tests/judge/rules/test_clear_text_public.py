"""Clear text that carries passwords or shells is named; HTTP, and what encrypts on such a port, is not."""

from __future__ import annotations

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities

from hb_engine.judge.rules import clear_text_public as rule
from hb_engine.model.answer import Answer
from hb_engine.model.identity import Identity
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace

TELNETD = owner("/usr/sbin/in.telnetd")
INETD = owner("/usr/sbin/xinetd")


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (opening(23, TELNETD), "medium"),
        (opening(2300, TELNETD), "medium"),
        (opening(23, TELNETD, scope="private"), "low"),
        (opening(23, INETD), "medium"),
        (opening(23, owner("/bin/busybox", cmdline=("telnetd", "-F"))), "medium"),
        (opening(512, INETD), "medium"),
        (opening(513, INETD), "medium"),
        (opening(514, INETD), "medium"),
        (opening(514, owner("/srv/strange")), "low"),
        (opening(21, owner("/usr/sbin/vsftpd")), "low"),
        (opening(69, owner("/usr/sbin/in.tftpd"), transport="udp"), "medium"),
        (opening(69, owner("/usr/sbin/dnsmasq"), transport="udp"), "low"),
        (opening(19, INETD, transport="udp"), "medium"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(80),
        opening(443),
        opening(23, TELNETD, scope="loopback"),
        opening(23, TELNETD, netns=Netns(7, kind="container")),
        opening(23, owner("/usr/sbin/sshd")),
        opening(514, owner("/usr/sbin/rsyslogd")),
        opening(514, owner("/usr/sbin/rsyslogd"), transport="udp"),
        opening(21, owner("/usr/sbin/haproxy")),
        opening(None, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_it_says_what_travels():
    (reason,) = rule.judge(facts(opening(23, TELNETD)))
    assert reason.text == "telnet: passwords and all that is typed travel in clear text"
    assert heard(rule, opening(23, owner("/srv/strange")))[0][1].startswith("perhaps telnet")


def test_where_it_was_heard_what_speaks_it_is_left_to_the_rule_about_that():
    telnet = opening(23, owner("/usr/sbin/in.telnetd"))
    spoken = Answer("tcp", 23, "open", "syn-ack", identity=Identity("telnet"))
    assert heard(rule, telnet, answer=replace(spoken, identity=None)) == heard(rule, telnet) != []
    assert heard(rule, telnet, answer=spoken) == []
    by_number = replace(spoken, identity=Identity("telnet", proof="port"))
    assert heard(rule, telnet, answer=by_number) == heard(rule, telnet)
