"""What two sides of a port come to: a closed list, the worst first, and a record that agrees unless it is told."""

from __future__ import annotations

from hb_engine.model.compared import WORDS, Compared


def test_a_port_agrees_unless_something_else_is_said():
    same = Compared("tcp", 22, "sshd", "open, ssh")
    assert (same.word, same.sentence, same.address) == ("agreed", "", "")


def test_the_words_are_distinct_and_end_with_agreement():
    assert len(set(WORDS)) == len(WORDS)
    assert WORDS[0] == "no-listener"
    assert WORDS[-1] == "agreed"
