"""Whois has no structure: a likeness is all there is. The answers are built from RFC 3912 and registries' habits."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import whois

NAME = first_words(whois).strip()


@pytest.mark.parametrize(
    "reply",
    [
        b'No match for "' + NAME.upper() + b'".\r\n',
        b"% This is the Example whois server\r\n%\r\n%ERROR:101: no entries found\r\n",
        b"# terms of use\r\nNot found: " + NAME + b"\n",
    ],
)
def test_answers_of_registries(reply):
    told = ask(whois, Reply.of(reply, "closed"))
    assert (told.name, told.proof) == ("whois", "pattern")


@pytest.mark.parametrize(
    ("reply", "ended"),
    [
        (b'No match for "' + NAME + b'".\r\n', "silent"),
        (NAME + b" not found", "closed"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n" + NAME, "closed"),
        (b"<html>not found " + NAME, "closed"),
        (b"file not found\r\n", "closed"),
        (b"% hello\r\n", "closed"),
        (b"", "closed"),
    ],
)
def test_near_misses(reply, ended):
    assert ask(whois, Reply.of(reply, ended)) is None
