"""Sessions begin by a secret that is not kept, end by time, by number and by somebody's wish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.guard import sessions
from hb_engine.faces.web.guard.sessions import IDLE, LONGEST, MOST, Session, Sessions


class Clock:
    """Two clocks, set by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def room(clock):
    return Sessions(clock=clock, now=lambda: 1.7e9)


def test_who_has_the_secret_has_the_session(room):
    secret = room.begin("write", 1000, "alice")
    found = room.find(secret)
    assert (found.right, found.uid, found.user, found.begun) == ("write", 1000, "alice", 1.7e9)
    assert room.find(secret + "x") is None
    assert room.find(secret[:-1]) is None
    assert room.find("") is None


def test_nothing_that_is_kept_is_a_secret(room):
    secret = room.begin("read", None)
    held = repr(room._held)
    assert secret not in held
    assert room.find(room.find(secret).digest) is None
    assert room.find(room.find(secret).name) is None


def test_secrets_and_tokens_are_long_and_never_twice(room):
    many = {room.begin("read", 1) for _ in range(50)}
    assert len(many) == 50
    assert {len(one) for one in many} == {43}  # 256 bits, six in each character
    tokens = {one.csrf for one, _ in room.listed()}
    assert len(tokens) == 50
    assert not tokens & many


def test_the_idle_limit(room, clock):
    secret = room.begin("read", 1)
    clock.at += IDLE
    assert room.find(secret)
    clock.at += IDLE + 1
    assert room.find(secret) is None
    assert room.listed() == ()


def test_the_absolute_limit_holds_for_what_is_used_all_the_time(room, clock):
    secret = room.begin("read", 1)
    for _ in range(24):
        assert room.find(secret)
        clock.at += 3600
    assert room.find(secret)
    clock.at += 1
    assert clock.at - 1000 > LONGEST
    assert room.find(secret) is None


def test_too_many_end_the_one_that_was_used_longest_ago(room, clock):
    secrets = []
    for _ in range(MOST):
        clock.at += 1
        secrets.append(room.begin("read", 1))
    clock.at += 1
    assert room.find(secrets[0])
    room.begin("read", 1)
    assert len(room.listed()) == MOST
    assert room.find(secrets[0])
    assert room.find(secrets[1]) is None


def test_one_is_ended_by_its_name(room):
    first, second = room.begin("read", 1), room.begin("write", 1)
    name = room.find(first).name
    assert room.end(name) is True
    assert room.end(name) is False
    assert room.end("") is False
    assert room.find(first) is None
    assert room.find(second)


def test_the_list_is_of_the_living_the_newest_first(room, clock):
    room.begin("read", 1, "old")
    clock.at += IDLE - 10
    second = room.begin("read", 2, "alice")
    clock.at += 5
    third = room.begin("write", 3, "bob")
    assert [one.user for one, _ in room.listed()] == ["bob", "alice", "old"]
    clock.at += 10
    assert [(one.user, idle) for one, idle in room.listed()] == [("bob", 10), ("alice", 15)]
    assert room.find(second)
    assert room.find(third)


def test_given_sessions_are_found_by_what_their_digest_is_of():
    room = Sessions((Session(sessions.digest("known"), "read", 0, "t", "root"),))
    assert [one.user for one, _ in room.listed()] == ["root"]
    assert room.find("known")


def test_the_clock_never_goes_back():
    first = sessions.running()
    assert sessions.running() >= first


@given(st.text())
def test_no_text_of_a_stranger_is_a_session_or_an_accident(text):
    assert Sessions(clock=lambda: 0.0).find(text) is None
