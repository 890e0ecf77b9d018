"""Replies in three digits, and what programs call themselves in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify import lines
from hb_engine.identify.kit import EVIDENCE

MARKS = (("Example Server", "Example", "cpe:/a:example:server"), ("Other", "Other", ""))


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        (b"220 ready\r\n", 220, [b"ready"]),
        (b"220-one\r\n220-two\r\n220 three\r\n", 220, [b"one", b"two", b"three"]),
        (b"211-Features:\r\n AUTH TLS\r\n211 End\r\n", 211, [b"Features:", b"AUTH TLS", b"End"]),
        (b"220\n", 220, [b""]),
        (b"220-one\r\n", 0, []),
        (b"220ready\r\n", 0, []),
        (b"920 ready\r\n", 0, []),
        (b"22 ready\r\n", 0, []),
        (b"", 0, []),
    ],
)
def test_replies(data, code, told):
    assert lines.reply(data) == (code, told)


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"2", False),
        (b"22", False),
        (b"220", False),
        (b"220 ready", False),
        (b"220 ready\r\n", True),
        (b"220-one\r\n221 x\r\n", False),
        (b"220-one\r\n220 x", False),
        (b"SSH-", True),
        (b"\xff\xfb\x01", True),
        (b"99", True),
    ],
)
def test_when_a_reply_is_whole(data, whole):
    assert lines.coded(data) == whole


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("example server 1.2.3 ready", ("Example", "1.2.3", ("cpe:/a:example:server:1.2.3",))),
        ("mail (Example Server/v2.0)", ("Example", "2.0", ("cpe:/a:example:server:2.0",))),
        ("Example Server, Version: 3.1-4.", ("Example", "3.1-4", ("cpe:/a:example:server:3.1-4",))),
        ("Example Server ready at 12:00", ("Example", "", ("cpe:/a:example:server",))),
        ("the Other 7", ("Other", "7", ())),
        ("other.example.com Other 1.0", ("Other", "1.0", ())),
        ("other.example.com Example Server 2.0", ("Example", "2.0", ("cpe:/a:example:server:2.0",))),
        ("ready <17@other.example.com>", ("", "", ())),
        ("Other.1.2 is no name of a machine", ("Other", "", ())),
        ("nobody", ("", "", ())),
    ],
)
def test_products(said, told):
    assert lines.product(said, MARKS) == told


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ("mail.example ESMTP", "mail.example"),
        ("a-b.example. x", "a-b.example"),
        ("ready now", ""),
        ("1.2.3 x", ""),
        ("b\u00fccher.example x", ""),
        ("(vsFTPd 3.0.3)", ""),
        ("", ""),
    ],
)
def test_hosts(said, host):
    assert lines.host_of(said) == host


def test_a_host_without_a_dot_needs_the_words_behind_it():
    assert lines.host_of("mail ESMTP Postfix") == ""
    assert lines.host_of("mail ESMTP Postfix", "ESMTP") == "mail"
    assert lines.host_of("Welcome to ESMTP", "ESMTP") == ""


@given(st.binary(max_size=300))
def test_no_bytes_can_break_it(data):
    code, told = lines.reply(data)
    assert (code == 0) == (told == [])
    assert len(lines.words(told)) <= EVIDENCE
    said = data.decode("latin-1")
    lines.product(said, MARKS)
    lines.host_of(said)
    assert lines.coded(data) in (True, False)
