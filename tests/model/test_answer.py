"""The nouns of what was asked from outside: words from closed lists, plain values, nothing assumed."""

from __future__ import annotations

import pickle

from hb_engine.model.answer import HELD, REASONS, STATES, Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.identity import Identity


def test_the_lists_of_words_have_no_word_twice():
    for words in (STATES, REASONS, HELD):
        assert len(set(words)) == len(words)
        assert all(word == word.lower() and " " not in word for word in words)


def test_an_answer_says_no_more_than_was_heard():
    answer = Answer("tcp", 22, "open", "syn-ack")
    assert (answer.ttl, answer.identity, answer.held, answer.mismatch) == (None, None, "", "")
    assert (answer.registered, answer.notes, answer.fingerprint) == ((), (), "")


def test_a_host_of_which_nothing_was_heard_is_neither_up_nor_down():
    assert ScannedHost("10.0.0.1").up is None


def test_what_one_process_found_another_can_read():
    """Answers of other network namespaces come from a child, by pickle."""
    host = ScannedHost("10.0.0.1", up=True, answers=(Answer("tcp", 22, "open", "syn-ack", identity=Identity("ssh")),))
    scan = Scan((host,), ScanStats("packet", 10, 10), 1.0, 2.0)
    assert pickle.loads(pickle.dumps(scan)) == scan  # noqa: S301 -- our own bytes


def test_values_are_equal_by_what_they_say():
    assert Rest("tcp", "closed", "reset", 2, "1-2") == Rest("tcp", "closed", "reset", 2, "1-2")
    assert Rest("tcp", "closed", "reset", 2, "1-2") != Rest("udp", "closed", "reset", 2, "1-2")
    assert len({Answer("tcp", 22, "open", "syn-ack"), Answer("tcp", 22, "open", "syn-ack")}) == 1
