"""The system's own sshd is quiet in every form it has; another one is said by what sets it apart."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities

from hb_engine.judge.rules import second_sshd as rule
from hb_engine.model.owner import Origin, Owner


def sshd(*words: str, exe: str = "/usr/sbin/sshd", **changes: Any) -> Owner:
    title = f"sshd: {' '.join((exe, '-D', *words))} [listener] 0 of 10-100 startups"
    return owner(exe, **{"cmdline": (title,), "unit": "ssh.service", **changes})


def bare(*words: str, **changes: Any) -> Owner:
    return owner("/usr/sbin/sshd", **{"cmdline": ("/usr/sbin/sshd", *words), "unit": None, **changes})


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (opening(22, bare(origin=Origin("login", "session 3", "ann"))), "high"),
        (opening(2222, bare(origin=Origin("cron", "crond"))), "high"),
        (opening(2222, sshd("-f", "/root/.cfg")), "medium"),
        (opening(2222, bare("-f/root/.cfg")), "medium"),
        (opening(2222, bare("-o", "AuthorizedKeysFile=/tmp/k")), "medium"),
        (opening(2222, bare("-oAuthorizedKeysFile=/tmp/k")), "medium"),
        (opening(2222, sshd("-f", "/root/.cfg"), scope="private"), "low"),
        (opening(2222, sshd("-p", "2222")), "low"),
        (opening(2222, sshd(unit="backdoor.service")), "low"),
        (opening(2222, sshd(unit="user@1000.service/app.slice/mine.service")), "low"),
        (opening(2222, owner("/usr/sbin/dropbear", origin=Origin("login"))), "high"),
        (opening(23, owner("/usr/sbin/telnetd", origin=Origin("timer", "x.timer"))), "high"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(22, sshd()),
        opening(22, sshd(unit="sshd.service")),
        opening(22, sshd(unit="sshd@10.service")),
        opening(22, sshd(unit="sshd-keygen-less.service")),
        opening(22, sshd("-f", "/etc/ssh/sshd_config")),
        opening(22, sshd("-o", "Port=22")),
        opening(22, sshd("-p", "22")),
        opening(22, bare("-D")),
        opening(22, bare("-D", origin=Origin("init", "openrc: sshd"))),
        opening(22, bare("-f", "/root/.cfg"), scope="loopback"),
        opening(22, bare("-f", "/root/.cfg", container=BOX)),
        opening(22, bare("-f")),
        opening(8888, owner("/usr/sbin/sshd", cmdline=("sshd: ann@pts/0",), origin=Origin("login"))),
        opening(22, owner("/usr/sbin/dropbear", unit="dropbear.service")),
        opening(80, owner(origin=Origin("login"))),
        opening(22, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_it_says_how_it_differs():
    (reason,) = rule.judge(facts(opening(2222, bare("-f", "/root/.cfg", origin=Origin("login")))))
    assert reason.text == "a server of remote shells, started from a login with the configuration /root/.cfg"
    assert "hb why 2222" in reason.remedy
