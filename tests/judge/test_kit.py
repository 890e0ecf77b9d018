"""The kit answers the questions that many rules ask, and never takes silence for evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.builders import answer, certificate, facts, opening, owner, tls

from hb_engine.judge import kit
from hb_engine.model.answer import Answer
from hb_engine.model.identity import PROOFS
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace


def test_load_finds_rules_by_the_names_of_their_files_in_order():
    loaded = kit.load(["writable_path", "memfd_executable"])
    assert [item.rule.name for item in loaded] == ["memfd-executable", "writable-path"]


def test_load_refuses_a_file_that_declares_no_rule(monkeypatch):
    import sys
    import types

    monkeypatch.setitem(sys.modules, "hb_engine.judge.rules.empty", types.ModuleType("empty"))
    with pytest.raises(AttributeError):
        kit.load(["empty"])


def test_a_reason_takes_the_severity_of_its_rule_unless_it_says_otherwise():
    rule = kit.Rule("some-rule", "medium", "a title")
    assert rule.reason("text", "one", "two", remedy="do").severity == "medium"
    assert rule.reason("text", severity="critical").severity == "critical"
    assert rule.reason("text", "one", "two").evidence == ("one", "two")


@pytest.mark.parametrize(
    ("severity", "steps", "then"), [("high", 1, "medium"), ("low", 3, "info"), ("info", 1, "info")]
)
def test_milder_stops_at_info(severity, steps, then):
    assert kit.milder(severity, steps) == then


@pytest.mark.parametrize(
    ("scope", "kind", "reach", "others"),
    [
        ("public", "host", "public", True),
        ("private", "host", "private", True),
        ("link", "host", "link", False),
        ("loopback", "host", "loopback", False),
        ("public", "container", "private", True),
        ("public", "named", "private", True),
        ("loopback", "container", "loopback", False),
    ],
)
def test_reach_is_the_scope_narrowed_by_the_namespace(scope, kind, reach, others):
    it = opening(80, scope=scope, netns=Netns(7, kind=kind))
    assert (kit.reach(it), kit.reaches_others(it)) == (reach, others)


@pytest.mark.parametrize(
    ("it", "serves"),
    [
        (opening(80), True),
        (opening(80, scope="loopback"), False),
        (opening(50000, ephemeral=True), True),
        (opening(50000, transport="udp", kind="bound", ephemeral=True), False),
        (opening(53, transport="udp", kind="bound"), True),
        (opening(80, flags=("not-listening",)), False),
    ],
)
def test_a_clients_port_waits_for_nobody(it, serves):
    assert kit.serves_others(it) is serves


def test_what_speaks_is_what_was_named_by_more_than_its_port():
    assert kit.spoken(facts(opening())) is None
    assert kit.spoken(facts(opening(), answer=Answer("tcp", 80, "open", "syn-ack"))) is None
    assert kit.spoken(facts(opening(), answer=answer("ssh", proof="port"))) is None
    for proof in PROOFS[:-1]:
        named = kit.spoken(facts(opening(), answer=answer("ssh", proof=proof)))
        assert named is not None
        assert named.name == "ssh"


def test_a_certificate_is_read_where_one_was_presented():
    made = certificate()
    assert kit.certificate_of(facts(opening(), answer=answer(tls=tls("TLSv1.3", certificate=made)))) is made
    assert kit.certificate_of(facts(opening(), answer=answer(tls=tls("TLSv1.3")))) is None
    assert kit.certificate_of(facts(opening(), answer=answer())) is None
    assert kit.certificate_of(facts(opening())) is None


@pytest.mark.parametrize(
    ("addresses", "own"),
    [
        (("0.0.0.0",), True),
        (("::",), True),
        (("127.0.0.1",), True),
        (("192.168.1.7",), False),
        (("192.168.1.7", "::"), True),
        (("fe80::1%eth0",), False),
        ((), False),
    ],
)
def test_a_wildcard_is_asked_over_loopback(addresses, own):
    assert kit.over_loopback(opening(80, addresses=addresses)) is own


def test_a_bound_socket_that_does_not_listen_takes_nobody():
    assert not kit.reaches_others(opening(80, flags=("not-listening",)))


def test_by_scope_is_milder_where_only_private_networks_reach():
    assert kit.by_scope(opening(80), "high") == "high"
    assert kit.by_scope(opening(80, scope="private"), "high") == "medium"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/usr/sbin/nginx", "nginx"),
        ("/dev/shm/.x (deleted)", ".x"),
        (r"C:\Windows\System32\svchost.exe", "svchost.exe"),
        ("nginx", "nginx"),
        ("", ""),
    ],
)
def test_basename_reads_paths_of_both_kinds(path, name):
    assert kit.basename(path) == name


def test_program_of_falls_back_to_what_the_process_calls_itself():
    assert kit.program_of(owner(r"C:\Program Files\Redis\Redis-Server.EXE")) == "redis-server"
    assert kit.program_of(owner(None, comm="sshd")) == "sshd"


def test_running_is_the_path_without_the_kernels_mark():
    assert kit.running(owner("/dev/shm/.x (deleted)")) == "/dev/shm/.x"
    assert kit.running(owner(None)) == ""


@pytest.mark.parametrize(
    ("state", "is_file"),
    [
        ("present", True),
        ("replaced", True),
        ("deleted", True),
        ("memfd", False),
        ("unreadable", False),
        ("kernel", False),
    ],
)
def test_is_file_only_where_a_file_is_known(state, is_file):
    assert kit.is_file(owner(exe_state=state)) is is_file
    assert not kit.is_file(owner(None, exe_state=state))


def test_workers_of_one_program_are_one_group():
    many = [owner(pid=pid) for pid in range(64)] + [owner("/usr/bin/other", pid=99)]
    groups = kit.each_exe(tuple(many))
    assert [(first.pid, len(group)) for first, group in groups] == [(0, 64), (99, 1)]


def test_who_names_the_first_and_counts_the_rest():
    assert kit.who((owner(),)) == 'pid 4117 "nginx" as root'
    assert kit.who((owner(user=""), owner(pid=2), owner(pid=3))) == 'pid 4117 "nginx", and 2 more'


def test_place_and_ask_survive_openings_without_a_port():
    tap = replace(opening(80), transport="packet", port=None, interface="eth0")
    assert (kit.place(tap), kit.ask(tap)) == ("packet on eth0", "hb ls --wide")
    assert kit.place(replace(tap, interface="")) == "packet"
    assert (kit.place(opening(1703)), kit.ask(opening(1703))) == ("tcp 1703", "hb why 1703")


@given(st.text())
def test_quote_keeps_a_sentence_readable(text):
    quoted = kit.quote(text)
    assert len(quoted) <= kit.QUOTE
    assert quoted == text or quoted.endswith("...")


def test_words_are_names():
    assert kit.words("a  b\n c") == {"a", "b", "c"}
