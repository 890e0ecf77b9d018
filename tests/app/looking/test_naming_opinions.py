"""Second opinions in a scan's answers: notes beside what hb found, said last, and of no weight of their own."""

from __future__ import annotations

import pytest
from tests.peers import serving

from hb_engine.app.looking.naming import Namer
from hb_engine.identify.opinions import load
from hb_engine.identify.question import Settings
from hb_engine.model.answer import Answer, ScannedHost

QUICK = Settings(wait=0.3, slow=0.2, budget=0.3, talk=2.0)
PROBES = rb"""
Probe TCP NULL q||
match lamp m|^SSH-2\.0-(\S+)| p/Lamp/ v/$1/
match bulb m|^BULB (\d+)| p/Bulb/ v/$1/
"""
SSH, BULB = b"SSH-2.0-OpenSSH_9.2p1\r\n", b"BULB 7 is lit\r\n"


@pytest.fixture
def opinions(tmp_path):
    (tmp_path / "probes").write_bytes(PROBES)
    return load(nmap_probes=str(tmp_path / "probes"))


def says(greeting):
    def peer(connection):
        connection.send(greeting)
        connection.drain()

    return peer


def named(greeting, opinions, *, whole=True):
    """The answer of a port that greets so; the notes that were told while it was asked; and the namer."""
    told = list[Answer]()
    namer = Namer(lambda _t, _p: (), QUICK, random=lambda size: b"\7" * size, clock=lambda: 1.0, opinions=opinions)
    with serving.tcp(says(greeting)) as seen:
        host = ScannedHost("127.0.0.1", answers=(Answer("tcp", seen.port, "open", "syn-ack"),))
        ((found,), complete) = namer.named([host], lambda _address, answer: told.append(answer))
    assert complete == whole
    return found.answers[0], told[0].notes


def test_beside_hbs_own_identity(opinions):
    answer, _ = named(SSH, opinions)
    assert answer.identity is not None
    assert (answer.identity.name, answer.identity.product, answer.identity.version) == ("ssh", "OpenSSH", "9.2p1")
    assert answer.notes == ("second opinion (nmap-service-probes line 3): lamp, Lamp OpenSSH_9.2p1",)


@pytest.mark.slow
def test_where_hb_has_no_name_it_is_a_note_and_no_name(opinions):
    answer, _ = named(BULB, opinions)
    assert answer.identity is None
    assert answer.held == "unknown"
    assert answer.fingerprint
    assert answer.notes[-1] == "second opinion (nmap-service-probes line 4): bulb, Bulb 7"


def test_no_connection_waits_for_a_pattern(opinions):
    """What is told on the way comes from the middle of the asking: there no foreign pattern is tried."""
    _, on_the_way = named(SSH, opinions)
    assert on_the_way == ()


def test_the_process_that_tries_patterns_is_ended_with_the_asking(opinions):
    named(SSH, opinions)
    assert opinions.patience._process is None


def test_ctrl_c_ends_only_the_opinions(opinions, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(opinions, "notes", interrupted)
    answer, _ = named(SSH, opinions, whole=False)
    assert answer.identity is not None
    assert answer.identity.name == "ssh"
    assert answer.notes == ()


def test_without_databases_nothing_is_said():
    answer, _ = named(SSH, None)
    assert answer.identity is not None
    assert answer.notes == ()
