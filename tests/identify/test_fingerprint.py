"""The same unknown service gives the same fingerprint tomorrow, and another one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.fingerprint import VERSION, describe, fingerprint, framing, is_text, shape
from hb_engine.identify.kit import Reply


def heard(data, ended="silent"):
    return [("listen", Reply.of(data, ended))]


SAME = {
    "a counter": (b"READY 17 jobs\r\n", b"READY 2044 jobs\r\n"),
    "a date": (b"hi Mon, 24 Nov 2025 18:00:01 GMT\n", b"hi Tue, 25 Mar 2026 09:10:11 GMT\n"),
    "a nonce": (b"challenge 9f86d081884c7d65\n", b"challenge 2c26b46b68ffc68f\n"),
    "letters of a nonce": (b"id deadbeefcafe\n", b"id 0badc0dec0de\n"),
    "a token": (b"t QWxhZGRpbjpvcGVuIHNlc2FtZQ\n", b"t b3BlbnNlc2FtZTphbGFkZGluIQ\n"),
    "an address": (b"hello 192.0.2.17:5123\n", b"hello 198.51.100.4:61000\n"),
    "binary noise": (b"\0\0\0\x14\1\2" + bytes(range(18)), b"\0\0\0\x14\1\2" + bytes(range(40, 58))),
}
OTHER = {
    "words": (b"READY jobs\r\n", b"READY workers\r\n"),
    "binary and text": (b"\0\0\0\4abcd", b"abcdabcd\n"),
    "words in a frame": (b"\0\0\0\x0bServerAlpha", b"\0\0\0\x0aServerBeta"),
    "sizes": (b"\x80\x01\x02\x03", b"\x80\x01\x02\x03" * 100),
}


@pytest.mark.parametrize(("today", "tomorrow"), SAME.values(), ids=SAME)
def test_the_same_service_tomorrow(today, tomorrow):
    assert fingerprint(heard(today)) == fingerprint(heard(tomorrow))


@pytest.mark.parametrize(("one", "another"), OTHER.values(), ids=OTHER)
def test_another_service(one, another):
    assert fingerprint(heard(one)) != fingerprint(heard(another))


def test_our_own_words_are_masked():
    first = fingerprint(heard(b"hello scanner-one, go away\n"), ["scanner-one"])
    assert first == fingerprint(heard(b"hello other, go away\n"), ["", "other"])


def test_which_question_it_answered_matters():
    assert fingerprint([("http", Reply.of(b"eh?\n"))]) != fingerprint([("listen", Reply.of(b"eh?\n"))])


def test_the_order_and_the_haste_of_answers_do_not_matter():
    one = [("listen", Reply.of(b"hi\n", "silent")), ("http", Reply.of(b"eh?\n", "closed"))]
    another = [("http", Reply.of(b"eh?\n", "reset")), ("listen", Reply.of(b"hi\n", ""))]
    assert fingerprint(one) == fingerprint(another)


def test_what_spoke_late_may_speak_early_tomorrow():
    late = [*heard(b""), *heard(b"hi\n")]
    assert fingerprint(late) == fingerprint(heard(b"hi\n")) == fingerprint([*heard(b"hi\n"), *heard(b"other\n")])


def test_silence_has_none():
    assert fingerprint([]) == fingerprint(heard(b"")) == fingerprint(heard(b"", "closed")) == ""


def test_it_is_short_and_says_its_kind():
    mark = fingerprint(heard(b"hi\n"))
    assert mark.startswith(f"{VERSION}:")
    assert len(mark) == 15
    assert mark == "u1:" + mark[3:].lower()


def test_it_is_the_same_on_every_machine_and_after_every_restart():
    """A change of this value makes every unknown service in every baseline look new: it needs a new VERSION."""
    assert fingerprint(heard(b"READY 17 jobs\r\n")) == KNOWN


KNOWN = "u1:f4ae381a1002"

WORDS = {
    "nothing": b"",
    "lines that begin with three-digit codes": b"220 ready\r\n",
    "lines that begin with OK or ERR": b"+OK\r\n",
    "JSON text": b' {"a": 1}',
    "XML or HTML text": b"<a/>",
    "lines of text": b"hello\nworld\n",
    "text without a line's end": b"hello",
    "a frame with its length in 4 bytes, big-endian": b"\0\0\0\3abc",
    "a frame with its length in 2 bytes, little-endian": b"\5\0\1\2\3",
    "BER, a tag with its length": b"\x30\3\2\1\0",
    "a TLS record": b"\x15\3\1\0\2\2\x28",
    "binary bytes": b"\x93\x94\x95\x96\x97\x98",
}


@pytest.mark.parametrize(("words", "data"), WORDS.items(), ids=WORDS)
def test_a_shape_in_words(words, data):
    assert describe(Reply.of(data)) == words


def test_a_frame_may_count_itself():
    assert "length in 2 bytes, big-endian" in framing(b"\0\5abc")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hello\r\n", True),
        ("grüße\n".encode(), True),
        ("ü".encode()[:1] * 1, True),
        (b"\0abc", False),
        (b"\xff\xfe" * 9, False),
    ],
)
def test_what_is_text(data, text):
    assert is_text(data) is text


@given(st.binary(max_size=600), st.sampled_from(["", "silent", "closed", "reset", "limit"]))
def test_every_answer_has_a_shape(data, ended):
    reply = Reply.of(data, ended)
    assert shape(reply)
    assert describe(reply)
    assert bool(fingerprint([("listen", reply)])) is bool(data)
