"""What a port's book keeps for second opinions: what was said first on each connection, once, and bounded."""

from __future__ import annotations

from hb_engine.identify.carrier import Job, Outcome, Turn
from hb_engine.identify.kit import Reply
from hb_engine.identify.question import Question
from hb_engine.identify.talks import nothing
from hb_engine.identify.tally import SAID, SAID_BYTES, Tally
from hb_engine.model.identity import Tls


def tally(*heard):
    """A book in which these jobs (label, sent, reply, inside TLS) were noted."""
    book = Tally(Question("tcp", "192.0.2.1", 4444))
    for label, sent, reply, tls in heard:
        told = Outcome(turns=(Turn(sent, Reply.of(reply)),), received=len(reply), tls=Tls("TLSv1.3") if tls else None)
        book.note(Job(label, nothing(), tls=tls), told)
    return book


def test_nothing_was_said():
    assert tally().said() == ()
    assert tally(("listen", b"", b"", False), ("http", b"GET", b"", False)).said() == ()


def test_what_came_without_a_question_is_listen_whoever_listened():
    assert tally(("ssh", b"", b"SSH-2.0-a", False)).said() == (("listen", b"SSH-2.0-a"),)
    assert tally(("listen", b"", b"hello", True)).said() == (("tls listen", b"hello"),)
    assert tally(("imap", b"", b"* OK", True)).said() == (("tls listen", b"* OK"),)


def test_answers_have_the_name_of_who_asked():
    book = tally(("http", b"GET", b"HTTP/1.1 400", False), ("http", b"GET", b"HTTP/1.1 200", True))
    assert book.said() == (("http", b"HTTP/1.1 400"), ("tls http", b"HTTP/1.1 200"))


def test_the_same_is_kept_once():
    assert len(tally(("listen", b"", b"hello", False), ("ftp", b"", b"hello", False)).said()) == 1


def test_it_is_bounded():
    many = [(f"probe{number}", b"?", b"x" * 9000, False) for number in range(SAID + 3)]
    said = tally(*many).said()
    assert len(said) == SAID
    assert {len(answer) for _, answer in said} == {SAID_BYTES}
