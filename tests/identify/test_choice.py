"""Which probes come into question, and which never do."""

from __future__ import annotations

import pytest

from hb_engine.identify.choice import Choice
from hb_engine.identify.kit import Probe
from hb_engine.identify.loading import Library, Module
from hb_engine.identify.question import Question


def _no_talk(peer):
    yield from ()


def module(name, hint=None, **more):
    return Module(name, Probe(name, **more), _no_talk, hint)


WEB = module("http", tcp=(80, 9100), tls=(443,), names=("https", "www"))
SSH = module("ssh", tcp=(22,), speaks="server")
DNS = module("domain", tcp=(53,), tls=(853,), udp=(53,))
SNMP = module("snmp", udp=(161,))
ROUGH = module("jdwp", tcp=(80,), care="asked")
RARE = module("rare", tcp=(4444,), anywhere=False)
TLS_ONLY = module("ssl", anywhere=False)
LIBRARY = Library([WEB, SSH, DNS, SNMP, ROUGH, RARE, TLS_ONLY])


def choose(port, *expected, transport="tcp", library=LIBRARY, **more):
    return Choice(Question(transport, "192.0.2.1", port, expected=expected, **more), library)


@pytest.mark.parametrize(
    ("choice", "likely"),
    [
        (choose(80), [("http", False)]),
        (choose(443), [("http", True)]),
        (choose(80, "https"), [("http", True), ("http", False)]),
        (choose(443, "http"), [("http", True)]),  # at home there inside TLS only
        (choose(80, "ssh"), [("ssh", False), ("http", False)]),
        (choose(80, "ssh", tls_expected=True), [("ssh", True), ("http", True)]),
        (choose(80, "jdwp"), [("jdwp", False), ("http", False)]),
        (choose(80, asked=("jdwp",)), [("http", False), ("jdwp", False)]),
        (choose(1234), []),
        (choose(1234, "snmp"), []),  # not over TCP
        (choose(53, transport="udp"), [("domain", False)]),
        (choose(161, "domain", transport="udp"), [("domain", False), ("snmp", False)]),
        (choose(161, "ssh", transport="udp"), [("snmp", False)]),
        (choose(9100), []),
        (choose(9100, "http", sure=True), [("http", False)]),
    ],
)
def test_what_is_likely(choice, likely):
    assert [(found.file, tls) for found, tls in choice.likely] == likely
    assert choice.at_home == {found for found, _ in likely}


def test_anywhere():
    choice = choose(1234)
    assert [found.file for found in choice.anywhere(tls=False)] == ["http", "ssh", "domain"]
    assert [found.file for found in choice.beginners(tls=False)] == ["http", "domain"]
    assert [found.file for found in choice.beginners(tls=False, rare=True)] == ["http", "domain", "rare", "ssl"]


def test_what_was_tried_is_not_tried_again_but_inside_tls():
    choice = choose(1234)
    choice.tried |= {("http", False), ("domain", True)}
    assert [found.file for found in choice.beginners(tls=False)] == ["domain"]
    assert [found.file for found in choice.beginners(tls=True)] == ["http"]


def test_hints():
    def breaks(reply):
        raise ValueError("hint")

    rare = module("rare", hint=lambda reply: reply == b"rare!", anywhere=False)
    server = module("ssh", hint=lambda reply: reply.startswith(b"SSH"), speaks="server")
    faults = []
    choice = choose(1234, library=Library([rare, server, module("broken", hint=breaks)]))
    note = lambda label, error: faults.append((label, str(error)))  # noqa: E731
    assert choice.hints(b"nothing", note) == []
    assert [found.file for found in choice.hints(b"rare!", note)] == ["rare"]
    assert [found.file for found in choice.hints(b"SSH-2.0", note)] == ["rare", "ssh"]
    assert faults[0] == ("broken", "hint")
    assert [found.file for found in choice.beginners(tls=False)] == ["rare", "ssh", "broken"]


@pytest.mark.parametrize(
    ("choice", "tls"),
    [(choose(1), False), (choose(1, "imaps"), True), (choose(1, tls_expected=True), True), (choose(443), False)],
)
def test_whether_tls_is_expected(choice, tls):
    assert choice.tls_expected() is tls


def test_the_web_probe_is_one_that_may_be_sent():
    assert choose(1234).web() is WEB
    assert choose(9100).web() is None
    assert choose(1234, library=Library([SSH])).web() is None


def test_what_is_expected_also_where_it_is_not_allowed():
    secret = module("wireguard", udp=(51820,), unprovable="it answers no stranger")
    choice = choose(51820, "wireguard", transport="udp", library=Library([secret]))
    assert choice.likely == []
    assert list(choice.expected()) == [secret]
