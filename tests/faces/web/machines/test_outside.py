"""Both sides of a port: agreed, filtered, answered by nobody, not asked; and what an answer proved."""

from __future__ import annotations

import pytest
from tests.faces import judged
from tests.faces.kit import BACKDOOR, HOST, HTTPS, LOOK, NOW, POSTGRES, REDIS, SSH, WEBBOX

from hb_engine.app.hub.sight import Machine
from hb_engine.faces.web.machines import outside
from hb_engine.faces.web.machines.rows import Rows
from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.compared import WORDS
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace

OWN = "192.0.2.17"
SEEN = replace(LOOK, host=replace(HOST, addresses=(OWN,)))
SAYS_SSH = Answer("tcp", 22, "open", "syn-ack", identity=Identity("ssh", "OpenSSH", "9.2p1"), held="confirmed")
IN_CLEAR = Answer("tcp", 443, "open", "syn-ack", identity=Identity("http"), held="tls-missing",
                  mismatch="registered as https, speaks http in clear")  # fmt: skip
ANOTHER = Answer("tcp", 1703, "open", "syn-ack", identity=Identity("ssh"), held="other-service")
NOBODY = Answer("tcp", 9999, "open", "syn-ack", held="silent")
FILTERED = Rest("tcp", "filtered", "no-response", 1, "6379")


def scan(*answers, rest=(FILTERED,), address=OWN, ended=NOW - 60):
    return Scan((ScannedHost(address, up=True, answers=answers, rest=rest),), ScanStats(), ended - 60, ended)


def both(*scans, source=""):
    return outside.both(Rows(Machine("web-17", SEEN, judged.DRIFTED, source, scans)), NOW)


def only(found, port):
    (one,) = outside.of_port(found, "tcp", port)
    return one


FOUND = both(scan(SAYS_SSH, IN_CLEAR, ANOTHER, NOBODY))


@pytest.mark.parametrize(
    ("port", "word", "mark", "openings"),
    [
        (22, "agreed", "ok", [SSH]),
        (443, "tls-missing", "alarm", [HTTPS]),
        (1703, "other-service", "alarm", [BACKDOOR]),
        (9999, "no-listener", "alarm", []),
        (6379, "filtered", "note", [REDIS]),
    ],
)
def test_what_two_sides_come_to(port, word, mark, openings):
    one = only(FOUND, port)
    assert (one.word, one.mark, [row.opening for row in one.rows]) == (word, mark, openings)
    assert one.asked_at == NOW - 60


def test_what_an_answer_proved():
    assert (only(FOUND, 22).speaks, only(FOUND, 22).proves) == ("ssh", "OpenSSH 9.2p1")
    assert "registered as https, speaks http in clear" in only(FOUND, 443).remarks


def test_what_no_scan_asked_is_not_called_closed():
    words = {(one.transport, one.port): one.word for one in FOUND.sides}
    assert words["udp", 4789] == words["udp", 68] == outside.NOT_ASKED
    assert ("tcp", POSTGRES.port) not in words  # nobody outside could ask loopback
    assert ("tcp", WEBBOX.port) not in words  # a container's port is not the machine's


def test_the_worst_first_and_counted():
    assert FOUND.sides[0].word == "no-listener"
    assert dict(FOUND.counts) == {
        "no-listener": 1, "other-service": 1, "tls-missing": 1, "filtered": 1, "not-asked": 2, "agreed": 1,
    }  # fmt: skip
    assert set(outside.ORDER) == set(outside.SAID) == {*WORDS, *outside.PROVED, outside.NOT_ASKED}


def test_without_a_scan_there_is_nothing_to_compare():
    assert both() == outside.Both()


def test_a_scan_of_other_machines_compares_nothing():
    found = both(scan(SAYS_SSH, address="203.0.113.9"))
    assert {one.word for one in found.sides} == {outside.NOT_ASKED}


def test_loopback_is_this_machines_own_only():
    here = both(scan(SAYS_SSH, address="127.0.0.1"))
    assert only(here, 22).word == "agreed"
    there = both(scan(SAYS_SSH, address="127.0.0.1"), source="web-17.json")
    assert only(there, 22).word == outside.NOT_ASKED


def test_the_latest_answer_counts():
    early, late = scan(SAYS_SSH, ended=NOW - 900), scan(rest=(Rest("tcp", "closed", "reset", 1, "22"),), ended=NOW - 60)
    for order in ((early, late), (late, early)):
        assert only(both(*order), 22).word == "closed-outside"


def test_what_began_to_listen_after_the_scan_was_not_asked():
    shut = Rest("tcp", "closed", "reset", 1, "1703")
    late = only(both(scan(rest=(shut,), ended=NOW - 600)), 1703)  # it started three minutes ago
    assert (late.word, late.mark, late.sentence) == (outside.NOT_ASKED, "unseen", outside.LATER)
    then = only(both(scan(rest=(shut,), ended=NOW - 60)), 1703)
    assert then.word == "closed-outside"


def test_what_answered_long_ago_and_is_gone_is_no_alarm():
    old = only(both(scan(NOBODY, ended=NOW - outside.STALE - 1)), 9999)
    assert (old.word, old.mark, old.sentence) == ("no-listener", "look", outside.STOPPED)
    new = only(both(scan(NOBODY, ended=NOW - outside.STALE + 1)), 9999)
    assert (new.word, new.mark) == ("no-listener", "alarm")
