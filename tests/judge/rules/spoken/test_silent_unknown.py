"""Silence counts beside doubt only: a name, a registration, or somebody who vouches, ends the matter."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules.spoken import silent_unknown as rule
from hb_engine.model.answer import Answer
from hb_engine.model.opening import Registered, Unowned

STRANGE = opening(31999, stray())
MUTE = Answer("tcp", 31999, "open", "conn-accepted", held="silent")
BABBLE = Answer("tcp", 31999, "open", "conn-accepted", held="unknown", fingerprint="a1b2c3d4")
NAME = (Registered("some-service"),)


@pytest.mark.parametrize(
    ("it", "said", "severity"),
    [
        (STRANGE, MUTE, "medium"),
        (STRANGE, BABBLE, "low"),
        (opening(31999, stray(), scope="private"), MUTE, "low"),
        (opening(31999, owner(exe_state="deleted")), MUTE, "medium"),
        (opening(31999, owners=(), unowned=Unowned("not-found")), MUTE, "medium"),
    ],
)
def test_it_speaks(it, said, severity):
    assert severities(rule, it, answer=said) == [severity]


@pytest.mark.parametrize(
    ("it", "said"),
    [
        (STRANGE, None),
        (STRANGE, answer("ssh")),
        (STRANGE, Answer("tcp", 31999, "open", "conn-accepted", held="not-asked")),
        (STRANGE, Answer("tcp", 31999, "open", "conn-accepted", held="unprovable")),
        (STRANGE, Answer("tcp", 31999, "open", "conn-accepted", held="everything")),
        (STRANGE, Answer("tcp", 31999, "open", "conn-accepted", held="silent", registered=NAME)),
        (opening(31999, stray(), registered=NAME), MUTE),
        (opening(31999, owner()), MUTE),
        (opening(31999, stray(), scope="loopback"), MUTE),
        (opening(31999, stray(), transport="udp", kind="bound", ephemeral=True), MUTE),
        (opening(31999, stray(), flags=("not-listening",)), MUTE),
    ],
)
def test_it_is_silent(it, said):
    assert heard(rule, it, answer=said) == []


def test_packages_that_nobody_asked_are_no_doubt():
    assert heard(rule, STRANGE, answer=MUTE, packages_asked=False) == []


def test_it_says_what_is_known_and_how_little_that_is():
    (mute,) = rule.judge(facts(STRANGE, answer=MUTE))
    assert mute.text == "tcp 31999 says nothing, and pid 4117 runs /srv/app/server, which is in no package"
    (babble,) = rule.judge(facts(STRANGE, answer=BABBLE))
    assert babble.text.startswith("tcp 31999 speaks what nobody could name, and ")
    assert babble.evidence[1] == "its words have the fingerprint a1b2c3d4"
