"""Both sides of a port: what listens, what answers, and each gap between them."""

from __future__ import annotations

import pytest

from hb_engine.app.scanning.compare import compare, own_addresses
from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.errors import BadInput
from hb_engine.model.identity import Identity
from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Owner

HERE = Netns(1)
OWN = frozenset(("10.0.0.7", "fd00::7"))


def inside(*openings, gaps=()):
    return Inventory(Host("web", "Debian"), 0.0, Coverage(True, (), tuple(gaps)), openings)


def listens(port, address="0.0.0.0", *, transport="tcp", kind="listener", families=("ipv4",), owners=True):
    people = (Owner(900, "nginx", "/usr/sbin/nginx"),) if owners else ()
    return Opening(kind, transport, port, (address,), families, "public", HERE, owners=people)


def scanned(*answers, rest=(), address="10.0.0.7"):
    host = ScannedHost(address, up=True, answers=answers, rest=tuple(rest))
    return Scan((host,), ScanStats(), 0.0, 0.0)


def opened(port, identity=None, state="open", transport="tcp"):
    return Answer(transport, port, state, "syn-ack", identity=identity)


CLOSED = Rest("tcp", "closed", "reset", 65000, "1-442,444-60000")


def only(scan, look):
    (one,) = compare(scan, look, OWN)
    return one


def test_what_listens_and_answers_agrees():
    one = only(scanned(opened(443, Identity("http", "nginx", "1.22.1"))), inside(listens(443)))
    assert (one.word, one.inside, one.outside, one.sentence) == (
        "agreed",
        "nginx (pid 900)",
        "open, http nginx 1.22.1",
        "",
    )
    assert one.address == "10.0.0.7"


def test_what_answers_and_does_not_listen_is_a_finding():
    one = only(scanned(opened(1703)), inside())
    assert one.word == "no-listener"
    assert "nothing that was seen listens" in one.sentence


def test_where_not_all_sockets_were_seen_that_is_said():
    one = only(scanned(opened(1703)), inside(gaps=[Gap("some sockets", "not permitted", "run as root")]))
    assert one.word == "no-listener"
    assert "not all could be seen" in one.sentence


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("filtered", "filtered"),
        ("unreachable", "filtered"),
        ("closed", "closed-outside"),
        ("open|filtered", "not-known"),
        ("closed|filtered", "not-known"),
    ],
)
def test_what_listens_and_does_not_answer(state, word):
    assert only(scanned(opened(443, state=state)), inside(listens(443))).word == word


def test_ports_told_as_ranges_count():
    assert only(scanned(rest=[CLOSED]), inside(listens(80))).word == "closed-outside"
    assert compare(scanned(rest=[CLOSED]), inside(listens(443)), OWN) == ()  # was not asked


def test_what_nobody_asked_is_not_compared():
    unasked = Rest("tcp", "filtered", "not-asked", 100, "1-100")
    assert compare(scanned(rest=[unasked]), inside(listens(80)), OWN) == ()


@pytest.mark.parametrize(
    ("opening", "reaches"),
    [
        (listens(443, "10.0.0.7"), True),
        (listens(443, "127.0.0.1"), False),
        (listens(443, "10.0.0.8"), False),
        (listens(443, "::", families=("ipv4", "ipv6")), True),
        (listens(443, "::", families=("ipv6",)), False),
        (listens(443, "*"), True),
        (listens(443, kind="bound"), False),
        (listens(443, transport="udp"), False),
    ],
)
def test_only_what_is_there_for_the_address_counts(opening, reaches):
    assert only(scanned(opened(443)), inside(opening)).word == ("agreed" if reaches else "no-listener")


def test_udp_sockets_are_bound_ones():
    answer = opened(53, state="open|filtered", transport="udp")
    assert only(scanned(answer), inside(listens(53, transport="udp", kind="bound"))).word == "not-known"


def test_an_owner_that_was_not_seen_is_said():
    assert only(scanned(opened(443)), inside(listens(443, owners=False))).inside == "listens, owner not seen"


def test_another_machine_cannot_be_compared():
    with pytest.raises(BadInput, match="none of the addresses"):
        compare(scanned(opened(443), address="10.9.9.9"), inside(), OWN)


def test_loopback_is_always_this_machine():
    assert compare(scanned(opened(443), address="127.0.0.1"), inside(listens(443)), frozenset())[0].word == "agreed"
    assert "127.0.0.1" in own_addresses()
