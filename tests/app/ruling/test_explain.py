"""The recipe of hb explain: what a query means, and the whole decision."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app import kit

from hb_engine.app.looking import collect
from hb_engine.app.ruling.check import Wanted
from hb_engine.app.ruling.explain import Place, explain, is_at, is_called, meant, rules_about
from hb_engine.model.answer import Answer
from hb_engine.model.endpoint import TRANSPORTS
from hb_engine.model.errors import BadInput
from hb_engine.model.identity import Identity
from hb_engine.model.opening import Netns
from hb_engine.model.owner import Container
from hb_engine.model.record import replace

RULES = """schema = "hb/1"
[defaults]
require = []

[[allow]]
id = "ssh"
listen = "tcp/22"
by = "unit:ssh.service"
owner = "ops"

[[allow]]
id = "dns"
listen = "tcp/53 on private, udp/53"

[[require]]
id = "web"
listen = "tcp/443"
by = "unit:nginx.service"

[[forbid]]
id = "no-telnet"
listen = "tcp/23"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch, machine):
    """A folder of rules where hb runs, and the machine of the kit in the place of this one."""
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(collect, "collect", machine.collect)
    tmp_path.chmod(0o700)
    made = tmp_path / "hb.d"
    made.mkdir(mode=0o700)
    write(made, RULES)
    return made


def write(folder, text):
    path = folder / "rules.toml"
    path.write_text(text)
    path.chmod(0o600)


def asked(query, **more):
    return explain(query, Wanted(**{"ask": False, **more}))


def words(found):
    return [(one.decision.opening.key, one.decision.word) for one in found.explained]


# -- what a query means


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("443", Place(("tcp", "udp"), 443)),
        ("tcp/443", Place(("tcp",), 443)),
        ("443/tcp", Place(("tcp",), 443)),
        ("udp/53", Place(("udp",), 53)),
        ("nginx", Place(("tcp", "udp"), name="nginx")),
        ("tcp/public/443/unit:a.service/host", Place(("tcp",), 443, "tcp/public/443/unit:a.service/host")),
        ("tcp/public/443", Place(("tcp",), 443, "tcp/public/443")),
        ("udp/ephemeral", Place(("udp",), kind="ephemeral")),
        ("raw/any", Place(("raw",), kind="any")),
        ("any/ephemeral", Place(TRANSPORTS, kind="ephemeral")),
        ("udp/public/ephemeral/exe:/usr/bin/x/host", Place(("udp",), None, "udp/public/ephemeral/exe:/usr/bin/x/host")),
    ],
)
def test_queries(query, place):
    assert meant(query) == place


@pytest.mark.parametrize("query", ["", "  ", "70000", "tcp/0", "abc/99", "a\x1bb"])
def test_what_means_nothing_is_a_mistake_with_a_remedy(query):
    with pytest.raises(BadInput) as raised:
        meant(query)
    assert raised.value.remedy


@given(st.text(max_size=40))
def test_any_query_means_something_or_is_a_mistake(query):
    try:
        found = meant(query)
    except BadInput:
        return
    assert found.key or found.name or found.kind or found.port is not None


def test_what_rules_call_ephemeral_and_any():
    chosen = replace(kit.DNS_UDP, port=40000, ephemeral=True)
    assert is_at(meant("udp/ephemeral"), chosen)
    assert not is_at(meant("tcp/ephemeral"), chosen)
    assert not is_at(meant("udp/ephemeral"), kit.DNS_UDP)
    assert is_at(meant("udp/any"), chosen)
    assert is_at(meant("raw/any"), kit.RAW)
    assert not is_at(meant("raw/any"), kit.SSH)


def test_keys_are_met_whole_or_by_their_beginning():
    assert is_at(meant(kit.SSH.key), kit.SSH)
    assert is_at(meant("tcp/public/22"), kit.SSH)
    assert not is_at(meant("tcp/public/2"), kit.SSH)
    assert not is_at(meant("tcp/private/22"), kit.SSH)


@pytest.mark.parametrize("name", ["sshd", "ssh", "ssh.service", "openssh-server", "SSHD", "shop"])
def test_names_of_processes_units_packages_and_containers(name):
    seen = replace(kit.SSH, container=Container("docker", "c0", "shop"))
    assert is_called(seen, name.lower())
    assert not is_called(seen, f"{name.lower()}x")


# -- what is told


def test_an_opening_with_the_rules_that_are_about_it(folder):
    found = asked("tcp/22")
    assert words(found) == [(kit.SSH.key, "expected")]
    (one,) = found.explained
    assert [(step.rule.id, step.outcome) for step in one.decision.steps] == [
        ("no-telnet", "other-place"),
        ("web", "other-place"),
        ("ssh", "covers"),
        ("dns", "other-place"),
    ]
    assert [rule.id for rule in rules_about(one.decision)] == ["ssh"]
    assert one.verdicts == ()
    assert found.report.rules == 4


def test_every_opening_on_a_port_is_told(folder):
    assert words(asked("53")) == [(kit.DNS.key, "widened"), (kit.DNS_UDP.key, "expected")]
    assert words(asked("udp/53")) == [(kit.DNS_UDP.key, "expected")]
    assert words(asked("named")) == words(asked("53"))


def test_what_hb_check_says_stands_beside_it(folder):
    (one,) = asked("tcp/53").explained
    assert [(verdict.kind, verdict.state) for verdict in one.verdicts] == [("widened", "drift")]


def test_what_no_rule_is_about(folder):
    write(folder, RULES.replace("tcp/22", "tcp/2222"))
    (one,) = asked("22").explained
    assert one.decision.word == "unmatched"
    assert one.decision.detail == "no rule is about it; ssh allows ssh.service tcp/2222"


def test_a_closed_port_is_told_as_if_it_were_open(folder):
    found = asked("tcp/23")
    assert found.explained == ()
    assert [(one.word, one.rule.id) for one in found.closed] == [("forbidden", "no-telnet")]
    assert found.missing == ()


def test_a_required_port_that_is_closed(folder):
    found = asked("443")
    assert [(one.opening.transport, one.word) for one in found.closed] == [("tcp", "unseen")]
    assert [(one.kind, one.rule) for one in found.missing] == [("gone", "web")]
    assert asked("tcp/23").missing == ()


def test_a_port_that_nobody_knows(folder):
    assert [one.word for one in asked("tcp/9").closed] == ["unmatched"]
    assert [one.opening.transport for one in asked("9").closed] == ["tcp"]


def test_a_registered_name_under_which_nothing_is_open(folder):
    assert [(one.opening.port, one.word) for one in asked("telnet").closed] == [(23, "forbidden")]


def test_openings_without_a_port(folder):
    assert words(asked("raw/any")) == [(kit.RAW.key, "unmatched")]
    found = asked("udp/ephemeral")
    assert (found.explained, found.closed) == ((), ())


def test_a_name_that_nobody_knows(folder):
    with pytest.raises(BadInput, match="nothing that is open here goes by 'no-such-thing'"):
        asked("no-such-thing")


def test_without_a_baseline(folder):
    (folder / "rules.toml").unlink()
    folder.rmdir()
    with pytest.raises(BadInput, match="there is no baseline"):
        asked("22")


def test_rules_of_packs_and_roles_given_by_hand(folder):
    write(folder, RULES + '[[role]]\nname = "jump"\n[[forbid]]\nid = "no-ssh"\nrole = "jump"\nlisten = "tcp/22"\n')
    assert [word for _, word in words(asked("tcp/22"))] == ["expected"]
    found = asked("tcp/22", roles=("jump",))
    assert [word for _, word in words(found)] == ["forbidden"]
    assert found.roles == ("jump",)


def test_what_speaks_is_asked_where_a_rule_wants_to_know(folder, monkeypatch):
    told = Answer("tcp", 22, "open", "conn-accepted", identity=Identity("ssh", "OpenSSH", "9.2p1"), held="confirmed")
    spoken = []

    def speaks(openings, **_):
        spoken.extend(openings)
        return {kit.SSH.key: told}

    monkeypatch.setattr("hb_engine.app.looking.own.speaks", speaks)
    write(folder, RULES.replace('by = "unit:ssh.service"', 'by = "unit:ssh.service"\nspeaks = "telnet"'))
    (one,) = asked("tcp/22", ask=True).explained
    assert (one.decision.word, one.answer) == ("speaks-else", told)
    assert spoken == [kit.SSH]
    assert [word for _, word in words(asked("tcp/22"))] == ["unseen"]  # nobody was asked
    spoken.clear()
    asked("tcp/53", ask=True)
    assert spoken == []


def test_openings_of_other_namespaces_are_told_apart(folder, machine):
    inside = replace(kit.SSH, netns=Netns(7, "cni-1", "container"))
    machine.seen = replace(machine.seen, openings=(*machine.seen.openings, inside))
    assert [word for _, word in words(asked("tcp/22"))] == ["expected", "unmatched"]
