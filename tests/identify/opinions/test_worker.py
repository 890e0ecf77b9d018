"""The process that tries patterns, without the process: requests in, answers out, the watchdog wound up for each."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.opinions.worker import (
    COUNT,
    DOTALL,
    HEAD,
    IGNORECASE,
    LENGTH,
    MULTILINE,
    READY,
    TEXT,
    compiled,
    serve,
    tried,
)


def request(pattern, subject, flags=0):
    return HEAD.pack(flags, len(pattern), len(subject)) + pattern + subject


def served(*requests):
    """What is answered to these requests, and how often the watchdog was wound up and calmed."""
    answers, turns = io.BytesIO(), list[str]()
    serve(io.BytesIO(b"".join(requests)), answers, lambda: turns.append("watch"), lambda: turns.append("calm"))
    return answers.getvalue(), turns


def packed(*parts):
    told = [LENGTH.pack(-1) if part is None else LENGTH.pack(len(part)) + part for part in parts]
    return b"M" + COUNT.pack(len(parts)) + b"".join(told)


def test_it_says_that_it_is_ready_and_ends_with_its_input():
    assert served() == (READY, [])


def test_each_pattern_is_tried_under_the_watchdog():
    answer, turns = served(request(b"a(b)?(c)", b"xxac"), request(b"z", b"xxac"), request(b"(", b"x"))
    assert answer == READY + packed(b"ac", None, b"c") + b"N" + b"E"
    assert turns == ["watch", "calm"] * 3


def test_half_a_request_is_the_end():
    assert served(request(b"a", b"abc")[:-1]) == (READY, [])
    assert served(b"\0\0") == (READY, [])


@pytest.mark.parametrize(
    ("flags", "pattern", "subject", "answer"),
    [
        (0, b"A", b"a", b"N"),
        (IGNORECASE, b"A", b"a", packed(b"a")),
        (0, b"a.b", b"a\nb", b"N"),
        (DOTALL, b"a.b", b"a\nb", packed(b"a\nb")),
        (0, b"^b", b"a\nb", b"N"),
        (MULTILINE, b"^b", b"a\nb", packed(b"b")),
        (0, b"^.$", "é".encode(), b"N"),
        (TEXT, b"^.$", "é".encode(), packed("é".encode())),
        (TEXT | IGNORECASE, "É".encode(), "é".encode(), packed("é".encode())),
    ],
)
def test_flags(flags, pattern, subject, answer):
    assert tried(flags, pattern, subject, {}) == answer


@pytest.mark.parametrize("pattern", [b"(", b"*", b"[z-a]", b"\\q", b"a{99999999999999}", b"(?P<n>a)(?P<n>b)"])
def test_what_is_no_pattern_is_told_as_such(pattern):
    assert compiled(0, pattern) is None
    assert tried(0, pattern, b"a", {}) == b"E"


def test_text_that_is_no_utf_8_is_no_pattern():
    assert compiled(TEXT, b"\xff") is None


def test_patterns_are_compiled_once():
    kept = dict.fromkeys([(0, b"a")])
    assert tried(0, b"a", b"a", kept) == b"E"  # taken from what is kept, which says that it is none
    assert tried(0, b"b", b"b", kept) == packed(b"b")
    assert set(kept) == {(0, b"a"), (0, b"b")}


@given(st.integers(0, 15), st.binary(max_size=12), st.binary(max_size=30))
def test_any_pattern_has_an_answer(flags, pattern, subject):
    assert tried(flags, pattern, subject, {})[:1] in (b"N", b"M", b"E")
