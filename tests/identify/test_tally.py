"""The book of one port: the stronger proof wins, TLS is told with it, and what went wrong is told in sentences."""

from __future__ import annotations

import pytest

from hb_engine.identify.carrier import Job, Outcome, Turn
from hb_engine.identify.kit import Reply
from hb_engine.identify.question import Question
from hb_engine.identify.talks import nothing
from hb_engine.identify.tally import BUSY, OWN, Tally
from hb_engine.model.identity import Certificate, Identity, Tls

QUESTION = Question("tcp", "192.0.2.1", 4444)
DONE = Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", "http/1.1")
ALERT = Tls(problem="ssl/tls alert handshake failure")


def job(label="fake", **more):
    return Job(label, nothing(), **more)


def turn(sent, reply, ended="", chunks=1):
    return Turn(sent, Reply.of(reply, ended), chunks)


def outcome(*turns, **more):
    return Outcome(turns=turns, received=sum(len(one.reply) for one in turns), **more)


def tally(*notes):
    book = Tally(QUESTION)
    for one, told in notes:
        book.note(one, told, at_home=one.label == "home")
    return book


def test_an_empty_book():
    book = tally()
    assert book.identity() is None
    assert not book.settled
    assert not book.gone
    assert list(book.notes()) == []


@pytest.mark.parametrize(
    ("proofs", "best"),
    [
        (("pattern", "structure"), "structure"),
        (("banner", "nonce", "structure"), "nonce"),
        (("port", "pattern"), "pattern"),
        (("banner", "banner"), "banner"),
    ],
)
def test_the_stronger_proof_wins(proofs, best):
    book = tally()
    for number, proof in enumerate(proofs):
        book.claim(Identity(f"service {number}", proof=proof), "fake")
    found = book.identity()
    assert found is not None
    assert found.proof == best
    assert found.name == f"service {proofs.index(best)}"


@pytest.mark.parametrize(
    ("proof", "settled"), [("banner", True), ("structure", True), ("pattern", False), ("port", False)]
)
def test_when_nothing_more_is_asked(proof, settled):
    book = tally()
    book.claim(Identity("x", proof=proof), "fake")
    assert book.settled is settled


def test_only_who_is_at_home_may_claim_from_silence():
    silent = outcome(turn(b"?", b"", "silent"), identity=Identity("discard"))
    assert tally((job("stranger"), silent)).identity() is None
    assert tally((job("home"), silent)).identity() == Identity("discard")


def test_a_claim_that_is_none():
    book = tally()
    book.claim("ssh", "odd")
    assert book.identity() is None
    assert list(book.notes()) == ["the probe odd broke: it returned str"]


def test_tls_is_told_with_the_claim():
    book = tally((job("fake", tls=True), outcome(turn(b"?", b"!"), identity=Identity("http"), tls=DONE)))
    book.note(job("version TLSv1.2"), Outcome(result=True))
    book.note(job("version TLSv1.1"), Outcome(result=False))
    book.note(job("version SSLv3"), Outcome(result=True))
    book.note(job("alpn"), Outcome(tls=Tls("TLSv1.3", alpn="h2")))
    found = book.identity()
    assert found is not None
    assert found.tls is not None
    assert found.tls.versions == ("SSLv3", "TLSv1.2", "TLSv1.3")
    assert ("alpn", "h2") in found.facts


def test_tls_of_which_nobody_knows_the_inside():
    found = tally((job("tls", tls=True), outcome(tls=DONE))).identity()
    assert found is not None
    assert (found.name, found.proof, found.evidence) == ("ssl", "structure", "TLSv1.3 TLS_AES_256_GCM_SHA384")


def test_half_a_handshake():
    found = tally((job("tls", tls=True), outcome(turn(b"\x16\3", b"\x15\3\1\0\2\2\x28"), tls=ALERT))).identity()
    assert found is not None
    assert (found.name, found.proof) == ("ssl", "structure")
    cut = tally((job("tls", tls=True), outcome(tls=Tls(problem="silent during the handshake")))).identity()
    assert cut is not None
    assert cut.proof == "pattern"


def test_the_handshake_that_showed_a_certificate_is_kept():
    shown = Tls(certificate=Certificate("CN=a", "CN=a"), problem="certificate required")
    book = tally((job("a", tls=True), outcome(tls=ALERT)), (job("b", tls=True), outcome(tls=shown)))
    assert book.broken_tls == shown


def test_what_wants_tls_is_half_a_claim():
    wants = Identity("http", facts=(("wants", "TLS"),))
    book = tally((job(), outcome(turn(b"GET", b"HTTP/1.1 400"), identity=wants)))
    assert not book.settled
    assert book.betrays_tls
    assert book.identity() == wants
    book.claim(Identity("http", product="nginx"), "http", DONE)
    assert book.settled
    found = book.identity()
    assert found is not None
    assert found.product == "nginx"


def test_a_probe_that_knows_tls_alone_does_not_hide_what_is_inside():
    alone = Identity("ssl", tls=Tls("TLSv1.2", problem="not finished"))
    book = tally((job(), outcome(turn(b"hello", b"\x16\3\3"), identity=alone)))
    assert not book.settled
    assert book.betrays_tls
    assert book.broken_tls == alone.tls
    found = book.identity()
    assert found is not None
    assert found.name == "ssl"
    book.note(job("tls", tls=True), outcome(tls=DONE))
    found = book.identity()
    assert found is not None
    assert found.tls is not None
    assert found.tls.version == "TLSv1.3"


def test_a_peer_that_repeats_is_asked_before_it_is_believed():
    book = tally((job(), outcome(turn(b"HELLO", b"HELLO"), identity=Identity("x"))))
    assert book.echoes
    assert not book.settled
    book.parrot_asked, book.parrot_line = True, b"nonce\r\n"
    assert not book.settled  # the question is on its way
    book.note(job("parrot"), Outcome())
    assert book.settled
    book.note(job("parrot"), outcome(turn(b"nonce\r\n", b"nonce\r\n")))
    found = book.identity()
    assert found is not None
    assert (found.name, found.proof) == ("echo", "nonce")
    book.claim(Identity("x", proof="nonce"), "late")
    assert [claim.name for claim in book.claims] == ["echo"]


def test_hanging_up_twice_is_a_habit():
    hung = outcome(turn(b"", b"", "closed"))
    book = tally((job("listen"), hung))
    assert not book.wrapped
    book.note(job("listen"), outcome(turn(b"", b"", "reset")))
    assert book.wrapped
    assert book.gone


def test_hanging_up_after_words_is_none():
    book = tally(
        (job("listen"), outcome(turn(b"", b"no\n", "closed"))), (job("listen"), outcome(turn(b"", b"", "closed")))
    )
    assert not book.wrapped
    assert book.greeting == b"no\n"


def test_nobody_there_any_more():
    book = tally((job(), Outcome(refused="refused")), (job(), Outcome(refused="refused")))
    assert book.gone
    assert list(book.notes()) == ["the port refused the connection when it was to be identified"]
    book.note(job(), outcome(turn(b"?", b"!")))
    assert not book.gone
    assert list(book.notes()) == []


def test_two_connections_that_were_not_answered_are_the_end():
    """Others may have been opened between them: that is how a full queue looks."""
    late, heard = Outcome(refused="timeout"), outcome(turn(b"?", b"", "silent"))
    book = tally((job(), heard), (job(), late), (job(), heard))
    assert not book.gone
    book.note(job(), late)
    assert book.gone
    assert list(book.notes()) == [BUSY]
    assert list(tally((job(), late), (job(), late)).notes()) == [
        "the port took no connection when it was to be identified"
    ]


def test_what_is_broken_off_is_counted():
    book = tally((job(), Outcome(connections=1, sent=2, received=3)))
    book.spend(Outcome(connections=1, sent=5))
    assert (book.connections, book.sent, book.received) == (2, 7, 3)


def refused(head, problem="tlsv1 alert internal error", **more):
    return outcome(turn(b"\x16\3", head), tls=Tls(problem=problem, **more))


@pytest.mark.parametrize(
    ("told", "certain"),
    [
        (refused(b"\x15\3\3\0\2\2\x50"), True),
        (refused(b"\x15\3\3\0\2\1\0", "closed"), False),
        (refused(b"\x16\3\3\0\2\2\x50", "closed"), False),
        (refused(b"\x16\3\3", "handshake failure", certificate=Certificate("CN=x", "CN=y", ("x",))), True),
        (refused(b"", "silent during the handshake"), False),
        (outcome(turn(b"", b"in\n"), tls=DONE), False),
    ],
)
def test_tls_that_refuses_us_is_known_by_its_alert_or_its_certificate(told, certain):
    assert tally((job("tls", tls=True), told)).tls_refused is certain


def test_who_wants_tls_and_does_not_get_through_with_it_is_told_with_the_problem():
    wants = Identity("http", facts=(("wants", "TLS"),))
    book = tally((job(), outcome(turn(b"GET", b"HTTP/1.1 400"), identity=wants)), (job("tls", tls=True), refused(b"")))
    assert book.tls_refused
    found = book.identity()
    assert found is not None
    assert (found.name, found.tls) == ("http", Tls(problem="tlsv1 alert internal error"))


def test_greetings_are_kept_where_they_belong():
    book = tally(
        (job("listen"), outcome(turn(b"", b"out\n"))), (job("listen", tls=True), outcome(turn(b"", b"in\n"), tls=DONE))
    )
    assert (book.greeting, book.inner) == (b"out\n", b"in\n")
    assert [label for label, _ in book.heard] == ["listen", "tls listen"]


def test_words_that_change_claim_nothing():
    book = tally((job("a"), outcome(turn(b"", b"SSH-2.0-a\r\n"))), (job("b"), outcome(turn(b"", b"220 mail\r\n"))))
    book.claim(Identity("ssh", proof="banner"), "a")
    assert book.identity() is None
    assert any("differently" in note for note in book.notes())
    book.claim(Identity("smtp", proof="structure"), "b")
    assert book.identity() is not None


def test_drips_and_floods():
    assert tally((job(), outcome(turn(b"", b"x" * 8, "silent", 8)))).drips
    assert not tally((job(), outcome(turn(b"", b"x" * 1000, "silent", 8)))).drips
    assert tally((job(), outcome(turn(b"?", b"x" * 8, "limit")))).endless


def test_faults():
    book = tally((job("bad"), Outcome(broke="ValueError: x")))
    book.broken(OWN, KeyError("y"))
    assert list(book.notes()) == ["the probe bad broke: ValueError: x", "hb's own strategy broke: KeyError: 'y'"]
