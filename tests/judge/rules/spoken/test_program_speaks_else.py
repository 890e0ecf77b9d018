"""A program that answers as another is said; one that passes others on, or speaks its own, is not."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, owner, stray

from hb_engine.judge.rules.spoken import program_speaks_else as rule

SSHD = owner("/usr/sbin/sshd", cmdline=("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",))
SESSION = owner("/usr/sbin/sshd", cmdline=("sshd: ann@pts/0",))


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (SSHD, "http"),
        (stray("/tmp/sshd"), "socks5"),
        (owner("/usr/lib/postgresql/15/bin/postgres"), "ssh"),
        (owner("/usr/sbin/mariadbd"), "http"),
        (owner("/usr/sbin/apache2"), "ssh"),
        (owner("/usr/sbin/cupsd"), "telnet"),
        (owner("/usr/sbin/vsftpd"), "smtp"),
        (owner("/usr/sbin/named"), "ssh"),
    ],
)
@pytest.mark.parametrize("scope", ["loopback", "public"])
def test_it_speaks(who, name, scope):
    program = who.exe.rpartition("/")[2].rstrip("2")
    assert heard(rule, opening(1703, who, scope=scope), answer=answer(name)) == [
        ("high", f"{name} answers where {program} listens")
    ]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (SSHD, None),
        (SSHD, answer("ssh", proof="banner")),
        (SSHD, answer("http", proof="pattern")),
        (SSHD, answer("http", proof="port")),
        (SSHD, answer("ssl")),
        (SESSION, answer("http")),
        (owner("/usr/sbin/mysqld"), answer("mysqlx")),
        (owner("/usr/sbin/proftpd"), answer("ssh")),
        (owner("/usr/sbin/apache2"), answer("http")),
        (owner("/usr/sbin/apache2"), answer("docker")),
        (owner("/usr/sbin/cupsd"), answer("ipp")),
        (owner("/usr/sbin/nginx"), answer("ssh")),
        (owner("/usr/sbin/haproxy"), answer("redis")),
        (owner("/usr/bin/docker-proxy"), answer("ssh")),
        (stray("/srv/app"), answer("ssh")),
        (owner("/usr/sbin/named"), answer("domain")),
        (owner("/usr/sbin/smbd"), answer("microsoft-ds")),
    ],
)
def test_it_is_silent(who, said):
    assert heard(rule, opening(1703, who), answer=said) == []


def test_where_nobody_is_known_nobody_is_held_against_it():
    assert heard(rule, opening(1703, owners=()), answer=answer("http")) == []


def test_it_names_the_program_and_what_was_heard_and_it_lasts():
    (reason,) = rule.judge(facts(opening(22, SSHD), answer=answer("http", evidence="HTTP/1.1 200 OK")))
    assert reason.evidence[1] == "HTTP/1.1 200 OK"
    assert reason.evidence[0].endswith("runs /usr/sbin/sshd")
    assert rule.RULE.lasting
