"""The first words: true in every state of the registry and of the network."""

from __future__ import annotations

import pytest
from tests.faces import judged
from tests.faces.kit import HOST, HTTPS, IDLE, NOW, POSTGRES, REDIS, ROOT, SSH
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web.language import language
from hb_engine.faces.web.ports import facts, lead
from hb_engine.faces.web.ports.standing import stands
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace

ENGLISH = language("en")
PARTIAL = replace(ROOT, partial="ports 22")


def said(port, sight=kit.SIGHT, transport=""):
    known = facts.of(kit.REGISTRY, kit.THREATS, port, transport)
    return lead.sentences(known, stands(sight, port, known.transports), ENGLISH)


def machine(*openings, name="web-17", coverage=ROOT, report=None):
    return Machine(name, Inventory(HOST, NOW, coverage, openings), report)


def sight(*machines):
    return Sight(7, NOW, machines)


@pytest.mark.parametrize(
    ("port", "words"),
    [
        (1703, "Registered as hb-engine for tcp and udp."),
        (80, "Registered as http for tcp, udp and sctp."),
        (2010, "Registered as search (tcp) and pipe-server (udp)."),
        (2049, "Registered as shilp, nfs (tcp), shilp, nfs (udp) and nfs (sctp)."),
        (9899, "Registered as sctp-tunneling for udp."),
        (2, "It was registered as compressnet, and the registration has ended."),
        (585, "It was registered once, and the registration has ended."),
        (51, "It was registered once, and the registration has ended."),
        (757, "The registry's data has no row for it."),
        (50000, "Nothing is ever registered here: it is for outgoing connections and private use."),
        (0, "Nothing can listen on port 0: who asks for it is given another port by the system."),
        (6010, "Registered as x11 for tcp and udp."),
    ],
)
def test_what_it_is(port, words):
    assert said(port)[0] == words


def test_one_transport_alone():
    assert said(6379, transport="udp")[0] == "IANA keeps it back: it is reserved, and nobody may register it."
    assert said(6379, transport="tcp")[0] == "Registered as redis for tcp."


@pytest.mark.slow
def test_every_port_of_the_registry_has_its_first_words():
    for port in range(0, 65536, 61):
        first = said(port, sight())[0]
        assert first.endswith(".")
        assert "%" not in first


@pytest.mark.parametrize(
    ("port", "told", "words"),
    [
        (22, sight(machine(SSH)), ("Open on web-17.", "There is no baseline to hold it against.")),
        (1703, kit.SIGHT, ("Open on 2 of 2 machines.", "No rule allows it.")),
        (443, sight(machine(HTTPS, report=judged.QUIET)),
         ("Open on web-17.", "The baseline allows what is open there.")),
        (6379, sight(machine(REDIS, report=judged.DRIFTED), machine(SSH, name="b")),
         ("Open on web-17, one of 2 machines.", "It reaches further than its rule allows.")),
        (5432, sight(machine(POSTGRES, report=judged.DEBTS)),
         ("Open on web-17.", "It was there before anybody decided, and has not been reviewed.")),
        (8009, sight(machine(IDLE, report=judged.QUIET)), ("Open on web-17.", "No rule of the baseline is about it.")),
        (9, sight(machine(SSH)), ("Closed on web-17.",)),
        (9, kit.SIGHT, ("Closed on 2 of 2 machines.",)),
        (9, sight(machine(SSH, coverage=PARTIAL)), ("Not seen to be open, but not everything could be looked at.",)),
        (9, sight(machine(SSH), machine(SSH, name="b", coverage=PARTIAL)),
         ("Not seen to be open, but not everything could be looked at.",)),
        (9, sight(), ("Nobody has looked at a machine yet.",)),
        (443, sight(machine(SSH, report=judged.DRIFTED)),
         ("Closed on web-17.", "A rule requires it on one machine where it was not seen.")),
        (0, kit.SIGHT, ()),
    ],
)  # fmt: skip
def test_what_is_there_now(port, told, words):
    assert said(port, told)[1:] == words


def test_the_title_is_its_names():
    assert lead.title(facts.of(kit.REGISTRY, kit.THREATS, 2049)) == "shilp, nfs"
    assert lead.title(facts.of(kit.REGISTRY, kit.THREATS, 757)) == ""


@pytest.mark.parametrize("code", ["ro", "de", "fr", "es", "ja"])
def test_every_language_has_as_many_sentences(code):
    for port in (0, 22, 80, 443, 1703, 6379, 50000, 757):
        known = facts.of(kit.REGISTRY, kit.THREATS, port)
        there = stands(kit.SIGHT, port, known.transports)
        assert len(lead.sentences(known, there, language(code))) == len(lead.sentences(known, there, ENGLISH))
