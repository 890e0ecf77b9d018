"""Patterns in another process: what they find, and that one without an end is ended, remembered and said."""

from __future__ import annotations

import os
import select
import subprocess
import sys

import pytest

from hb_engine.identify.opinions import patience
from hb_engine.identify.opinions.patience import Patience, Slow, Unread, left
from hb_engine.model.errors import CannotLook

ENDLESS = b"(a+)+$"
ANSWER = b"a" * 64 + b"b"  # two to the power of 64 ways to take it apart


@pytest.fixture
def patient():
    with Patience(0.5) as made:
        yield made


def test_what_a_pattern_finds(patient):
    assert patient.match(b"a(b)?(c)", 0, b"xxac") == (b"ac", None, b"c")
    assert patient.match(b"z", 0, b"xxac") is None
    assert patient.match(b"A", patience.IGNORECASE, b"xxac") == (b"a",)


def test_nothing_is_begun_before_it_is_needed():
    patient = Patience()
    patient.close()
    assert patient._process is None


def test_one_process_serves_for_many_patterns(patient):
    patient.match(b"a", 0, b"a")
    first = patient._process
    patient.match(b"b", 0, b"a")
    assert patient._process is first


def test_a_pattern_that_python_cannot_read(patient):
    for _ in range(2):
        with pytest.raises(Unread):
            patient.match(b"(a", 0, b"a")
    assert patient.match(b"a", 0, b"a") == (b"a",)


@pytest.mark.slow
def test_a_pattern_without_an_end_is_ended_and_never_tried_again(patient):
    with pytest.raises(Slow):
        patient.match(ENDLESS, 0, ANSWER)
    assert patient.slow == {(0, ENDLESS)}
    assert patient._process is None
    with pytest.raises(Slow):
        patient.match(ENDLESS, 0, b"aaa")  # which it would have found at once
    assert patient._process is None  # nothing was begun for it
    assert patient.match(b"a+b$", 0, ANSWER) == (ANSWER,)


@pytest.mark.slow
def test_after_too_many_of_them_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(patience, "GIVEN_UP", 1)
    with Patience(0.5) as patient:
        assert not patient.worn_out
        with pytest.raises(Slow):
            patient.match(ENDLESS, 0, ANSWER)
        assert patient.worn_out
        with pytest.raises(Slow):
            patient.match(b"a", 0, b"a")


def test_a_process_that_is_ended_by_somebody_else_costs_one_pattern(patient):
    patient.match(b"a", 0, b"a")
    patient._process.kill()
    with pytest.raises(Slow):
        patient.match(b"b", 0, b"b")
    assert patient.match(b"c", 0, b"c") == (b"c",)


def test_closing_ends_the_process(patient):
    patient.match(b"a", 0, b"a")
    process = patient._process
    patient.close()
    patient.close()
    assert process.returncode is not None
    assert patient.match(b"a", 0, b"a") == (b"a",)  # and the next pattern begins another


def test_a_broken_question_leaves_no_answer_behind(patient, monkeypatch):
    """Ctrl-C between question and answer: the answer to it must not be taken for that of the next."""

    def interrupted(_size):
        raise KeyboardInterrupt

    patient.match(b"a", 0, b"a")
    with monkeypatch.context() as patched:
        patched.setattr(patient, "_read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            patient.match(b"a", 0, b"a")
    assert patient._process is None
    assert patient.match(b"z", 0, b"a") is None


@pytest.mark.parametrize("name", ["/nowhere/python", "/bin/false"])
def test_where_no_process_can_be_begun(monkeypatch, name):
    monkeypatch.setattr(sys, "executable", name)
    with Patience() as patient, pytest.raises(CannotLook) as caught:
        patient.match(b"a", 0, b"a")
    assert "--nmap-probes" in caught.value.remedy


ORPHAN = """
import os, sys
sys.path.insert(0, sys.argv[1])
from hb_engine.identify.opinions.patience import Patience
from hb_engine.identify.opinions.worker import HEAD
patient = Patience(0.5)
patient.match(b"a", 0, b"a")
print(patient._process.pid, flush=True)
sys.stdin.readline()
pattern, subject = b"(a+)+$", b"a" * 64 + b"b"
patient._process.stdin.write(HEAD.pack(0, len(pattern), len(subject)) + pattern + subject)
patient._process.stdin.flush()
os._exit(0)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system has no pidfd to wait for a stranger with")
def test_the_process_outlives_its_parent_by_no_more_than_one_pattern():
    """The parent dies without a word, while a pattern runs that never ends: the watchdog is in the child."""
    command = [sys.executable, "-I", "-S", "-c", ORPHAN, patience.TOP]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        grandchild = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.stdin.write("\n")
            parent.stdin.flush()
            assert parent.wait() == 0
            ended, _, _ = select.select([grandchild], [], [], 60)  # a pidfd is readable when its process has ended
            assert ended
        finally:
            os.close(grandchild)


def test_sentences_of_what_was_left_out():
    assert (
        left("recog a.xml:3", Slow()) == "second opinion: the pattern in recog a.xml:3 comes to no end and was given up"
    )
    assert (
        left("recog a.xml:3", Unread()) == "second opinion: the pattern in recog a.xml:3 is none that Python can read"
    )
