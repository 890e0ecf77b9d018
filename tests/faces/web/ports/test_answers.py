"""Questions and answers: none without facts, and none that says more than the facts do."""

from __future__ import annotations

import pytest
from tests.faces import judged
from tests.faces.kit import BACKDOOR, HOST, HTTPS, NOW, REDIS, ROOT, SSH
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.ports import answers, facts
from hb_engine.faces.web.ports.standing import stands
from hb_engine.model.assignment import PortRange
from hb_engine.model.inventory import Gap, Inventory
from hb_engine.model.record import replace

ENGLISH = language("en")
LOCAL = (32768, 60999)
SECTIONS = {"here", "registered", "range", "linked", "check"}


def machine(*openings, coverage=ROOT, report=None):
    return Machine("web-17", Inventory(HOST, NOW, coverage, openings), report)


def asked(port, *machines, local=LOCAL, privileged=None, ephemeral=None, code="en", unknown=False):
    known = facts.of(kit.REGISTRY, kit.THREATS, port)
    there = stands(Sight(11, NOW, machines), port, known.transports)
    low = port < 1024 if privileged is None else privileged
    picked = bool(local and local[0] <= port <= local[1]) if ephemeral is None else ephemeral
    place = PortRange("x", 0, 0, None if unknown else low, None if unknown else picked)
    return {one.id: one for one in answers.answers(answers.Known(known, there, place, local), language(code))}


def text(one):
    return " ".join(one.sentences)


def test_an_open_port():
    told = asked(1703, machine(BACKDOOR, report=judged.DRIFTED))
    assert text(told["open"]).startswith(
        'Yes. On web-17, "kworker/u8:1" in cron.service has tcp 1703, on every address.'
    )
    assert "Registered as hb-engine" in text(told["uses"])
    assert "what should live there, and not what does" in text(told["uses"])
    assert "listed as used by one harmful program, which proves nothing about yours" in text(told["dangerous"])
    assert "needs a look" in text(told["dangerous"])
    assert "keep the evidence" in text(told["close"])


def test_a_closed_port_says_no_only_where_it_was_looked_at():
    assert text(asked(9, machine(SSH))["open"]).startswith("No: every machine")
    unsure = asked(9, machine(SSH, coverage=replace(ROOT, partial="ports 22")))["open"]
    assert "No" not in unsure.sentences[0].split()
    assert "not everything could be looked at" in text(unsure)


def test_where_a_container_may_hold_it_nobody_says_that_every_look_would_have_shown_it():
    hidden = replace(ROOT, gaps=(Gap("other network namespaces", "they are hidden", "run it on the host", "netns"),))
    told = asked(31337, machine(SSH, coverage=hidden))
    assert text(told["open"]) == "It is closed on one machine."
    assert "nothing can be attacked" not in text(told["dangerous"])
    assert "nothing can be attacked" in text(asked(31337, machine(SSH))["dangerous"])


def test_of_what_a_rule_comes_near_to_allowing_nobody_says_that_no_rule_wants_it():
    told = text(asked(6379, machine(REDIS, report=judged.DRIFTED))["close"])
    assert told == "Whoever talks to redis-server.service would be cut off."


def test_without_a_look_nothing_is_asked_about_here():
    told = asked(1703)
    assert "open" not in told
    assert "close" not in told
    assert "here" not in told["uses"].evidence


def test_what_has_no_facts_is_not_asked():
    told = asked(757, machine(SSH))
    assert set(told) == {"open", "rights", "outgoing"}
    assert asked(0, machine(SSH)) == {}
    assert set(asked(757, unknown=True)) == set()


def test_a_required_service_is_not_safe_to_close():
    assert text(asked(443, machine(HTTPS, report=judged.QUIET))["close"]).startswith(
        "No: the rule web-https requires it."
    )
    assert "ask its owner first" in text(asked(22, machine(SSH, report=judged.QUIET))["close"])
    assert asked(22, machine(SSH))["close"].sentences == ("Whoever talks to ssh.service would be cut off.",)


@pytest.mark.parametrize(
    ("port", "more", "words"),
    [
        (22, {"privileged": True}, "Yes, on this machine"),
        (22, {"privileged": False}, "Not on this machine, where low ports are free to all"),
        (1703, {}, "No: any program"),
    ],
)
def test_rights(port, more, words):
    assert words in text(asked(port, **more)["rights"])


@pytest.mark.parametrize(
    ("port", "more", "words"),
    [
        (1703, {}, "No: this machine picks ports from 32768 to 60999."),
        (40000, {}, "Yes: this machine picks ports from 32768 to 60999"),
        (40000, {"ephemeral": False}, "ip_local_reserved_ports keeps it free"),
        (40000, {"local": None, "ephemeral": True}, "Yes: this machine may pick it"),
        (1703, {"local": None, "ephemeral": False}, "No: this machine does not pick it."),
    ],
)
def test_outgoing_connections(port, more, words):
    assert words in text(asked(port, **more)["outgoing"])


@pytest.mark.parametrize(
    ("port", "words"),
    [(1703, "take it for hb-engine"), (50000, "what these ports are for"), (0, ""), (585, "nobody has registered it")],
)
def test_a_program_of_ones_own(port, words):
    told = asked(port)
    assert words in text(told["own"]) if words else "own" not in told


def test_who_looks_for_it():
    assert "Redis" in text(asked(6379)["scanned"])
    assert "P2PInfect" in text(asked(6379)["scanned"])
    assert "scanned" not in asked(1703)


@pytest.mark.parametrize("code", CODES)
def test_every_answer_has_a_question_sentences_and_evidence(code):
    for port in (*range(0, 65536, 977), 22, 80, 443, 1703, 6379):
        for one in asked(port, kit.MACHINE, code=code).values():
            assert str(port) in one.question
            assert one.sentences
            assert all(sentence.strip() and "%(" not in sentence for sentence in one.sentences)
            assert one.evidence
            assert set(one.evidence) <= SECTIONS


def test_no_answer_calls_a_machine_infected():
    for port in (80, 1703, 31337):
        for one in asked(port, machine(replace(BACKDOOR, port=port))).values():
            assert "infected" not in text(one)
            assert "is a trojan" not in text(one)
