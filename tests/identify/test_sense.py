"""What the ports of one host say together: only claims that words could fake are taken back."""

from __future__ import annotations

import pytest

from hb_engine.identify.question import Finding, Question
from hb_engine.identify.sense import EVERYTHING, FOREIGN, KINDS, MANY, SAME, Heard, changes, judged
from hb_engine.model.identity import Identity


def heard(port, greeting=b"SSH-2.0-x\r\n", proof="banner", address="192.0.2.1", name="ssh", **more):
    identity = Identity(name, proof=proof) if name else None
    return Heard(Finding(Question("tcp", address, port, **more), identity, spoke=True), (greeting,) if greeting else ())


def test_a_few_servers_with_the_same_words_are_servers():
    some = [heard(port) for port in range(SAME - 1)]
    assert judged(some) == [one.finding for one in some]


def everywhere(**more):
    """One greeting on many ports, some of which are registered for something else each."""
    known = [heard(20 + number, expected=(f"service {number}",), **more) for number in range(FOREIGN)]
    return [*known, *[heard(30000 + number, **more) for number in range(SAME - FOREIGN)]]


def test_a_fleet_of_one_kind_is_ordinary():
    """Sixteen containers with ssh on ports of one address; some have numbers that are registered for something else."""
    some = [heard(22, expected=("ssh",)), *[heard(2200 + n, expected=(f"x{n}",)) for n in range(SAME * 10)]]
    assert judged(some) == [one.finding for one in some]


def test_the_same_words_on_ports_of_different_protocols_name_nothing():
    found = judged(everywhere())
    assert all(finding.identity is None for finding in found)
    assert all("it claims to be ssh" in finding.notes[-1] for finding in found)
    assert f"on {SAME} ports" in found[0].notes[0]


@pytest.mark.parametrize("proof", ["structure", "nonce"])
def test_what_was_parsed_stands(proof):
    some = everywhere(proof=proof)
    assert judged(some) == [one.finding for one in some]


def test_the_same_words_on_many_hosts_are_many_hosts():
    some = [heard(22, address=f"192.0.2.{number}") for number in range(SAME * 2)]
    assert judged(some) == [one.finding for one in some]


def test_a_host_that_claims_to_be_everything():
    found = judged([heard(port, b"greeting %d" % port, "pattern", name=f"x{port % KINDS}") for port in range(MANY)])
    assert {finding.identity for finding in found} == {None}
    assert EVERYTHING in found[0].notes[0]


def test_a_host_with_very_many_servers_of_few_kinds():
    some = [heard(port, b"220 host%d FTP" % port, name="ftp") for port in range(MANY)]
    assert judged(some) == [one.finding for one in some]


def test_a_host_that_is_known_to_answer_everywhere():
    weak, strong = judged([heard(22, everything=True), heard(80, None, "structure", name="http", everything=True)])
    assert weak.identity is None
    assert strong.identity is not None


def test_the_order_is_kept():
    ports = [heard(port, name="" if port % 2 else "ssh") for port in (5, 3, 9)]
    assert [finding.question.port for finding in judged(ports)] == [5, 3, 9]


@pytest.mark.parametrize(
    ("greetings", "different"),
    [
        ([], False),
        ([b"220 one"], False),
        ([b"220 mail ESMTP 10:01", b"220 mail ESMTP 10:02"], False),
        ([b"220 mail", b"", b"220 mail"], False),
        ([b"220 mail", b"* OK imap"], True),
    ],
)
def test_greetings_that_change(greetings, different):
    assert changes(greetings) is different
