"""Answers held against a book in nmap's grammar: whose lines count for which answer, and what is left out."""

from __future__ import annotations

import pytest

from hb_engine.identify.opinions.nmap_opinion import NmapOpinion
from hb_engine.identify.opinions.nmap_probes import parse
from hb_engine.identify.opinions.opinion import NMAP, Asked, Opinion
from hb_engine.identify.opinions.patience import Patience

FILE = rb"""
Probe TCP NULL q||
match lamp m|^LAMP (\d\S+)| p/Lamp daemon/ v/$1/ cpe:/a:lamp:lampd:$1/
softmatch lamp m|^LAMP |
softmatch light m|^LAMP|
match endless m|^aaa(a+)+$|
match unreadable m|\KUNREADABLE|
Probe TCP GetRequest q|GET / HTTP/1.0\r\n\r\n|
match http m|^HTTP/1\.[01] \d\d\d .*\r\nServer: Lampd/([\d.]+)\r\n|s p/Lamp web/ v/$1/
fallback Turn
Probe TCP Turn q|TURN\r\n|
match bulb m|^BULB (\d+)| p/Bulb/ v/$1/
match ssl/bulb m|^TLSBULB|
Probe UDP Ask q|?|
match bulb m|^BULB (\d+)| p/Bulb over UDP/ v/$1/
"""
OPINION = Opinion(NMAP, "lamp", "Lamp daemon", "4.2", cpe=("cpe:/a:lamp:lampd:4.2",), where="line 3")


@pytest.fixture(scope="module")
def nmap():
    with Patience(0.5) as patience:
        yield NmapOpinion(parse(FILE), patience)


def ask(nmap, label, answer, name="", transport="tcp"):
    return nmap.asked(((label, answer),), name, transport)


@pytest.mark.parametrize("label", ["listen", "tls listen", "anything"])
def test_a_greeting_is_held_against_null(nmap, label):
    assert ask(nmap, label, b"LAMP 4.2\r\n") == Asked((OPINION,))


def test_a_softmatch_counts_where_no_match_does_and_the_first_of_them(nmap):
    (opinion,) = ask(nmap, "listen", b"LAMP new\r\n").opinions
    assert opinion == Opinion(NMAP, "lamp", where="line 4", soft=True)


def test_a_later_answer_with_a_match_is_better_than_an_earlier_softmatch(nmap):
    heard = (("listen", b"LAMP new\r\n"), ("listen", b"LAMP 4.2\r\n"))
    assert nmap.asked(heard, "", "tcp") == Asked((OPINION,))


def test_the_answer_to_a_get_is_held_against_getrequest(nmap):
    page = b"HTTP/1.1 200 OK\r\nDate: now\r\nServer: Lampd/1.5\r\n\r\n"
    assert ask(nmap, "tls http", page).opinions == (Opinion(NMAP, "http", "Lamp web", "1.5", where="line 9"),)
    assert ask(nmap, "listen", page).opinions == ()


def test_then_against_its_fallbacks_and_against_null(nmap):
    assert ask(nmap, "http", b"BULB 7").opinions[0].where == "line 12"
    assert ask(nmap, "http", b"LAMP 4.2").opinions == (OPINION,)


def test_another_answer_only_against_the_service_that_hb_proved(nmap):
    assert ask(nmap, "bulb", b"BULB 7", "bulb").opinions[0].product == "Bulb"
    assert ask(nmap, "lamp", b"BULB 7", "lamp").opinions == ()
    assert ask(nmap, "bulb", b"TLSBULB", "bulb").opinions[0].service == "ssl/bulb"
    assert ask(nmap, "bulb", b"BULB 7", "").opinions[0].product == "Bulb"


def test_a_greeting_may_be_contradicted(nmap):
    assert ask(nmap, "listen", b"LAMP 4.2\r\n", "ssh").opinions == (OPINION,)


def test_only_the_same_transport_counts(nmap):
    assert ask(nmap, "bulb", b"BULB 7", "bulb", "udp").opinions[0].product == "Bulb over UDP"
    assert ask(nmap, "listen", b"LAMP 4.2\r\n", "", "udp").opinions == ()


@pytest.mark.slow
def test_a_pattern_without_an_end_is_said_and_the_others_count(nmap):
    asked = ask(nmap, "listen", b"a" * 64 + b"b")
    assert asked == Asked(
        (), ("second opinion: the pattern in nmap-service-probes line 6 comes to no end and was given up",)
    )
    again = nmap.asked((("listen", b"a" * 64 + b"b"), ("listen", b"LAMP 4.2\r\n")), "", "tcp")
    assert again.opinions == (OPINION,)
    assert len(again.left_out) == 1


def test_a_pattern_that_python_cannot_read_is_said_where_it_might_have_counted(nmap):
    left_out = ask(nmap, "listen", b"UNREADABLE").left_out
    assert left_out == ("second opinion: the pattern in nmap-service-probes line 7 is none that Python can read",)
    assert ask(nmap, "listen", b"LAMP 4.2\r\n").left_out == ()


def test_a_book_without_null(nmap):
    bare = NmapOpinion(parse(b"Probe TCP GetRequest q|x|\nmatch a m|^a|\n"), Patience())
    assert ask(bare, "listen", b"zzz") == Asked()


def test_nothing_heard_is_nothing_said(nmap):
    assert nmap.asked((), "ssh", "tcp") == Asked()
