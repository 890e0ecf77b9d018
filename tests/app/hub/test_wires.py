"""Frames come whole or not at all; questions are strict and small; answers and errors are what they were."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.app.hub import wires
from hb_engine.app.hub.sight import NOTHING
from hb_engine.app.ruling.baseline import BadBaseline
from hb_engine.model import errors
from hb_engine.model.baseline import Problem, Where
from hb_engine.model.errors import BadInput, DataError, HbError, Truncated


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    ends = {reader, writer}
    yield reader, writer, ends
    for one in ends:
        os.close(one)


def shut(writer, ends):
    ends.discard(writer)
    os.close(writer)


# -- frames


def test_frames_come_one_after_another_with_their_numbers(pipe):
    reader, writer, ends = pipe
    for number, body in ((1, b"one"), (0xFFFFFFFF, b""), (7, b"\0\xff" * 100)):
        wires.send(writer, number, body)
    shut(writer, ends)
    got = [wires.receive(reader, 1000) for _ in range(4)]
    assert got == [(1, b"one"), (0xFFFFFFFF, b""), (7, b"\0\xff" * 100), None]


@pytest.mark.parametrize("kept", [1, 7, 8, 9, 12])
def test_half_a_frame_is_the_end_of_whoever_wrote_it(pipe, kept):
    reader, writer, ends = pipe
    os.write(writer, wires.frame(1, b"hello")[:kept])
    shut(writer, ends)
    with pytest.raises(Truncated):
        wires.receive(reader, 1000)


def test_a_frame_that_is_larger_than_agreed_is_not_read(pipe):
    reader, writer, _ = pipe
    os.write(writer, wires.frame(1, bytes(101))[:8])
    with pytest.raises(Truncated, match="101 bytes"):
        wires.receive(reader, 100)


# -- questions


def test_a_question_arrives_as_it_was_asked():
    words = {"host": "web-17", "days": 90, "deep": True, "none": None, "of": ["a", "b"], "part": 0.5}
    assert wires.asked(wires.question("machine-past", words)) == ("machine-past", {**words, "of": ("a", "b")})


def test_names_that_are_no_utf8_pass_whole():
    """Keys hold names of processes, whose bytes may be anything (PEP 383)."""
    _, words = wires.asked(wires.question("why", {"key": "tcp/public/80/exe:/tmp/\udcff/host"}))
    assert words == {"key": "tcp/public/80/exe:/tmp/\udcff/host"}


NO_QUESTIONS = {
    "nothing": b"",
    "no json": b"{ask",
    "no utf-8": b'{"ask": "a", "words": {"b": "\xff"}}',
    "a list": b"[]",
    "another member": b'{"ask": "a", "words": {}, "x": 1}',
    "no words": b'{"ask": "a"}',
    "a member twice": b'{"ask": "a", "ask": "b", "words": {}}',
    "a name with a path": b'{"ask": "../a", "words": {}}',
    "a name that is long": json.dumps({"ask": "a" * 65, "words": {}}).encode(),
    "a name that is empty": b'{"ask": "", "words": {}}',
    "a word with an object": b'{"ask": "a", "words": {"b": {}}}',
    "a list of lists": b'{"ask": "a", "words": {"b": [[]]}}',
    "not a number": b'{"ask": "a", "words": {"b": NaN}}',
    "infinity": b'{"ask": "a", "words": {"b": 1e999}}',
    "a number that is large": b'{"ask": "a", "words": {"b": 99999999999999999999}}',
    "a number with many digits": b'{"ask": "a", "words": {"b": ' + b"9" * 5000 + b"}}",
    "a long text": json.dumps({"ask": "a", "words": {"b": "x" * 20_001}}).encode(),
    "a long list": json.dumps({"ask": "a", "words": {"b": [1] * 257}}).encode(),
    "many words": json.dumps({"ask": "a", "words": {f"b{n}": 1 for n in range(33)}}).encode(),
    "depth": b'{"ask": "a", "words": {"b": ' + b"[" * 30_000 + b"]" * 30_000 + b"}}",
    "size": json.dumps({"ask": "a", "words": {"b": ["x" * 1000] * 66}}).encode(),
    "a pickle": b"\x80\x05\x95",
}


@pytest.mark.parametrize("body", NO_QUESTIONS.values(), ids=NO_QUESTIONS)
def test_what_is_no_question_is_refused(body):
    with pytest.raises(BadInput):
        wires.asked(body)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_can_break_the_reader_of_questions(body):
    with pytest.raises(BadInput):
        wires.asked(body)


@given(
    st.dictionaries(
        st.text("abcdefghij_", min_size=1, max_size=8),
        st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | st.text(max_size=20),
        max_size=5,
    )
)
def test_every_question_of_ours_is_read(words):
    assert wires.asked(wires.question("a", words)) == ("a", words)


@pytest.mark.parametrize("words", [{"b": object()}, {"b": float("nan")}, {"b": "x" * 70_000}, {"b": b"bytes"}])
def test_what_cannot_be_asked_is_told_where_it_is_asked(words):
    with pytest.raises(BadInput):
        wires.question("a", words)


# -- answers


def test_a_record_comes_back_equal():
    assert wires.loaded(wires.answer(lambda: NOTHING)) == NOTHING


@pytest.mark.parametrize(
    "kind", [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, HbError)]
)
def test_every_error_of_ours_is_raised_as_itself(kind):
    def ask():
        raise kind("what happened", "what to do")

    with pytest.raises(kind) as raised:
        wires.loaded(wires.answer(ask))
    assert type(raised.value) is kind
    assert (raised.value.message, raised.value.remedy) == ("what happened", "what to do")


def test_an_error_of_another_room_is_raised_as_the_nearest_that_both_sides_know():
    problem = Problem(Where("hb.d/a.toml", 3, 1), "this is wrong")

    def ask():
        raise BadBaseline("hb.d", (problem,))

    with pytest.raises(BadInput, match=r"hb\.d/a\.toml:3:1: this is wrong") as raised:
        wires.loaded(wires.answer(ask))
    assert type(raised.value) is BadInput


def test_what_nobody_foresaw_is_told_to_the_terminal_and_not_to_whoever_asked(capsys):
    def ask():
        raise ZeroDivisionError("a secret of the machine")

    with pytest.raises(HbError, match="made a mistake") as raised:
        wires.loaded(wires.answer(ask))
    assert "secret" not in str(raised.value)
    assert "ZeroDivisionError: a secret of the machine" in capsys.readouterr().err


def test_an_answer_that_cannot_travel_is_such_a_mistake(capsys):
    with pytest.raises(HbError, match="made a mistake"):
        wires.loaded(wires.answer(lambda: lambda: None))
    assert "pickle" in capsys.readouterr().err


def test_an_answer_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(wires, "LARGEST_ANSWER", 100)
    with pytest.raises(DataError, match="larger than 100 bytes"):
        wires.loaded(wires.answer(lambda: "x" * 200))
