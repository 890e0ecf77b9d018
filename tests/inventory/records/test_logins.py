"""Logins and sudo: in wtmp and its successors, in logs of both forms, and in none."""

from __future__ import annotations

import os
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.logins import NARROW
from hb_engine.inventory.linux.records import logins

NOON = 1_795_608_000.0  # 2026-11-25 12:00:00 UTC
NEW = """2026-11-25T12:00:00.000000+00:00 web sshd[812]: Accepted publickey for deploy from 198.51.100.7 port 4711 ssh2: RSA SHA256:x
2026-11-25T12:00:05.000000+00:00 web sshd[813]: Failed password for root from 203.0.113.9 port 4712 ssh2
2026-11-25T12:00:06.000000+00:00 web sshd[813]: Invalid user Accepted publickey for x from 1.2.3.4 port 1
2026-11-25T12:01:00.000000+00:00 web sudo:   deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl restart redis
2026-11-25T12:01:30.000000+00:00 web sudo:   mallory : command not allowed ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh
2026-11-25T12:02:00.000000+00:00 web sshd-session[9]: Accepted password for anna from 2001:db8::7 port 9 ssh2
"""  # noqa: E501 -- as sshd and sudo write them
OLD = """Nov 25 12:00:00 web sshd[812]: Accepted publickey for deploy from 198.51.100.7 port 4711 ssh2
Nov 25 12:01:00 web sudo:   deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl restart redis
"""
TOLD = [
    (0.0, "deploy", "deploy logged in from 198.51.100.7"),
    (60.0, "deploy", "deploy ran sudo /usr/bin/systemctl restart redis"),
]


def put(root, path, data, at=NOON + 3600):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "replace"))
    os.utime(full, (at, at))
    return full


def told(root, since=NOON - 60):
    return [(one.at - NOON, one.user, one.text) for one in logins.events(str(root), since)[0]]


def row(user, host, at, kind=7):
    return NARROW.pack(kind, 812, b"pts/0", b"", user, host, 0, int(at), 0, bytes(16))


def test_logs_with_dates(tmp_path):
    put(tmp_path, "var/log/auth.log", NEW)
    assert told(tmp_path) == [*TOLD, (120.0, "anna", "anna logged in from 2001:db8::7")]
    assert told(tmp_path, NOON + 90) == [(120.0, "anna", "anna logged in from 2001:db8::7")]


def test_logs_of_the_old_form(tmp_path):
    put(tmp_path, "var/log/secure", OLD)
    assert told(tmp_path) == TOLD


def test_wtmp_and_a_log_tell_one_login_once(tmp_path):
    data = row(b"deploy", b"198.51.100.7", NOON) + row(b"", b"", NOON + 1, 8) + row(b"anna", b"", NOON - 9000)
    put(tmp_path, "var/log/wtmp", data)
    assert told(tmp_path) == TOLD[:1]
    put(tmp_path, "var/log/auth.log", NEW)
    assert told(tmp_path)[:2] == TOLD


def test_the_databases_that_follow_wtmp(tmp_path):
    for path, create, insert in (
        (
            logins.DATABASE,
            "CREATE TABLE wtmp (Type, User, RemoteHost, Login)",
            (3, "deploy", "198.51.100.7", int(NOON * 1e6)),
        ),
        (logins.LAST, "CREATE TABLE Lastlog2 (Name, Time, TTY, RemoteHost)", ("anna", int(NOON + 120), "pts/1", None)),
    ):
        full = put(tmp_path, path, b"")
        with sqlite3.connect(full) as made:
            made.execute(create)
            made.execute(f"INSERT INTO {create.split()[2]} VALUES (?, ?, ?, ?)", insert)  # noqa: S608 -- the names above
        made.close()
    assert told(tmp_path) == [TOLD[0], (120.0, "anna", "anna logged in")]


def test_what_is_broken_is_a_gap(tmp_path):
    put(tmp_path, logins.DATABASE, b"no database" * 200)
    found, gaps = logins.events(str(tmp_path), 0.0)
    assert found == ()
    assert [gap.what for gap in gaps] == ["earlier logins"]


def test_a_machine_whose_journal_alone_keeps_logins_says_so(tmp_path):
    (tmp_path / "var/log/journal").mkdir(parents=True)
    (gap,) = logins.events(str(tmp_path), 0.0)[1]
    assert "journalctl" in gap.remedy
    put(tmp_path, "var/log/wtmp", b"")
    assert logins.events(str(tmp_path), 0.0) == ((), ())


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-25T12:00:00+00:00 web sshd[1]: Accepted publickey for a;b from 198.51.100.7 port 1 ssh2",
        "2026-11-25T12:00:00+00:00 web sshd[1]: Accepted publickey for deploy from evil\x1b[31m port 1 ssh2",
        "2026-11-25T12:00:00+00:00 web evil[1]: Accepted publickey for deploy from 198.51.100.7 port 1 ssh2",
        "2026-11-25T12:00:00+00:00 web sudo: a b : TTY=x ; COMMAND=/bin/sh",
        "2026-11-25T99:00:00+00:00 web sshd[1]: Accepted publickey for deploy from 198.51.100.7 port 1 ssh2",
        "Accepted COMMAND=",
    ],
)
def test_what_does_not_look_like_a_login_is_none(tmp_path, line):
    put(tmp_path, "var/log/auth.log", line)
    assert told(tmp_path, 0.0) == []


@given(st.lists(st.sampled_from(NEW.split() + OLD.split()), max_size=30).map(" ".join) | st.text(max_size=150))
def test_no_log_breaks_it(tmp_path_factory, text):
    root = tmp_path_factory.mktemp("root")
    put(root, "var/log/auth.log", text)
    for event in logins.events(str(root), 0.0)[0]:
        assert event.user
        assert len(event.text) < 400


@given(st.binary(max_size=900))
def test_no_wtmp_breaks_it(tmp_path_factory, data):
    root = tmp_path_factory.mktemp("root")
    put(root, "var/log/wtmp", data)
    logins.events(str(root), 0.0)
