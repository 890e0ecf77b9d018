"""What is proposed reads back as rules that cover what was seen, and nothing dangerous is among it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.seen import DAY, DB, HOST, NOW, SSH, WEB, opening, owner

from hb_engine.baseline import blocks, proposing
from hb_engine.baseline.deciding.decide import Decider
from hb_engine.baseline.evidence import Sighting
from hb_engine.baseline.language import parse as language
from hb_engine.baseline.proposing import LeftOut, Thresholds, propose
from hb_engine.model.baseline import Listen
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason

WEB80 = replace(WEB, port=80)
STATUS = opening(8080, owner(), scope="loopback")
CHOSEN = opening(
    40123, owner("/usr/bin/containerd", "containerd", "containerd.service"), scope="loopback", ephemeral=True
)
STEADY = {"shown": 4032, "asked": 4032, "days": 14, "boots": 3, "first_seen": NOW - 14 * DAY}


def seen(*openings, **fields):
    return {"web-17": [Sighting(one, **fields) for one in openings]}


def test_one_rule_for_an_owner_and_transport_with_its_ports_as_observed():
    found = propose(seen(WEB, WEB80, STATUS, SSH, CHOSEN, **STEADY), NOW)
    assert proposing.text(found) == (
        '# seen in 4,032 of 4,032 looks over 14 days, 3 boots\n[[allow]]\nid = "containerd-ephemeral"\n'
        'listen = "tcp/ephemeral on loopback"\nby = "unit:containerd.service and pkg:containerd"\n'
        'why = "proposed: seen in 4,032 of 4,032 looks over 14 days, 3 boots"\nowner = "unassigned"\n'
        '\n# seen in 4,032 of 4,032 looks over 14 days, 3 boots\n[[allow]]\nid = "nginx-80"\n'
        'listen = "tcp/80 on public, tcp/443 on public, tcp/8080 on loopback"\n'
        'by = "unit:nginx.service and pkg:nginx"\n'
        'why = "proposed: seen in 4,032 of 4,032 looks over 14 days, 3 boots"\nowner = "unassigned"\n'
        '\n# seen in 4,032 of 4,032 looks over 14 days, 3 boots\n[[allow]]\nid = "ssh-22"\n'
        'listen = "tcp/22 on public"\nby = "unit:ssh.service and pkg:openssh-server"\n'
        'why = "proposed: seen in 4,032 of 4,032 looks over 14 days, 3 boots"\nowner = "unassigned"\n'
    )


def test_the_least_constant_one_is_what_the_comment_tells():
    sightings = [*seen(WEB, **STEADY)["web-17"], Sighting(WEB80, 3800, 4032, 13, 3, 0.0)]
    found = propose({"web-17": sightings}, NOW)
    assert found.rules[0].comments == ("seen in 3,800 of 4,032 looks over 13 days, 3 boots",)
    assert propose(seen(WEB), NOW).rules[0].comments == ("seen in one look",)


def test_lint_warns_of_what_a_person_has_to_say():
    text = proposing.text(propose(seen(WEB), NOW))
    warned = language.read([("p.toml", text)]).problems
    assert [(one.level, one.code, one.where.line) for one in warned] == [
        ("warning", "no-why", 6), ("warning", "no-owner", 7),
    ]  # fmt: skip
    said = text.replace("proposed: seen in one look", "The shop").replace("unassigned", "web")
    assert language.read([("p.toml", said)]).problems == ()


def test_ids_and_owners():
    found = propose(seen(WEB), NOW, owner="team-web", taken={"nginx-443"})
    assert (found.rules[0].rule.id, found.rules[0].rule.owner) == ("nginx-443-2", "team-web")


GONE = Reason("deleted-executable", "critical", "its executable was deleted")
ODD = replace(
    opening(1703, owner("/dev/shm/.x", None, None, exe_state="deleted")), verdict=Judgement("critical", (GONE,))
)
DANGEROUS = [
    ODD,
    opening(9, owner("/opt/x", None)),
    opening(9, unowned=Unowned("not-found")),
    replace(WEB, flags=("hidden",)),
    replace(WEB, kind="tap", transport="packet", port=None),
    opening(9, owner("/usr/bin/python3", "python3", script="/tmp/x.py")),
    replace(SSH, verdict=Judgement("high", (Reason("private-service-public", "high", "everyone reaches it"),))),
]


def test_what_looks_dangerous_is_listed_with_the_reason():
    found = propose(seen(*DANGEROUS, WEB, **STEADY), NOW, lasting={"deleted-executable"})
    assert [one.rule.id for one in found.rules] == ["nginx-443"]
    assert len(found.left_out) == len(DANGEROUS)
    assert LeftOut(ODD.key, "web-17", "its executable was deleted (deleted-executable)") in found.left_out
    told = proposing.text(found)
    assert "# Left out, to be decided one by one (7):\n#   " in told
    assert f"#   {ODD.key}: its executable was deleted" in told
    assert len(tomllib.loads(told)["allow"]) == 1


def test_what_rules_decided_is_not_proposed_again():
    decided = {("web-17", WEB.key): "", ("web-17", SSH.key): "rule no-ssh forbids it"}
    found = propose(seen(WEB, SSH, DB), NOW, decided=decided)
    assert (found.covered, [one.rule.id for one in found.rules]) == (1, ["postgresql-15-main-5432"])
    assert found.left_out == (LeftOut(SSH.key, "web-17", "rule no-ssh forbids it"),)


def test_clients_are_counted_and_not_proposed():
    client = opening(40000, owner("/usr/bin/dig", "dig", None), transport="udp", ephemeral=True)
    assert propose(seen(client, WEB), NOW).passing == 1


def test_thresholds():
    sightings = {"web-17": [Sighting(WEB, 50, 100), Sighting(SSH, 1, 1, first_seen=NOW - 60, looking_since=0.0)]}
    assert propose(sightings, NOW).rules == ()
    found = propose(sightings, NOW, thresholds=Thresholds(50, 0.0))
    assert len(found.rules) == 2


def test_a_program_of_an_image_says_so_and_an_exposure_makes_think():
    box = opening(80, owner("/app", None, None, container=Container("docker", "1", "shop", "shop:4")))
    clear = replace(box, verdict=Judgement("medium", (Reason("clear-text-public", "medium", "http in clear"),)))
    (one,) = propose(seen(clear), NOW).rules
    assert one.comments[1:] == (
        "think first: http in clear",
        "its program is of the image shop:4: no package of this machine has it",
    )
    assert one.rule.by_text == "image:shop:4 and exe:/app"


def test_machines_that_are_alike_become_roles():
    machines = {f"web-{number}": [Sighting(SSH), Sighting(WEB)] for number in range(3)}
    machines |= {f"db-{number}": [Sighting(SSH), Sighting(DB)] for number in range(2)}
    machines["db-1"] += [Sighting(STATUS)]
    found = propose(machines, NOW)
    assert [(one.name, one.hosts) for one in found.roles] == [
        ("web", ("web-0", "web-1", "web-2")), ("db", ("db-0", "db-1")),
    ]  # fmt: skip
    told = [(one.rule.id, one.rule.role, one.rule.host, len(one.hosts)) for one in found.rules]
    assert told == [
        ("ssh-22", "", "", 5),
        ("nginx-443", "web", "", 3),
        ("postgresql-15-main-5432", "db", "", 2),
        ("nginx-8080", "", "db-1", 1),
    ]
    assert found.rules[0].comments == ("seen on 5 machines in one look",)
    parsed = language.read([("p.toml", proposing.text(found))])
    assert parsed.errors == ()
    for host, sightings in machines.items():
        decider = Decider(parsed.baseline, replace(HOST, name=host), NOW)
        assert [decider.decide(one.opening).word for one in sightings] == ["expected"] * len(sightings)
    other = Decider(parsed.baseline, replace(HOST, name="web-9"), NOW)
    assert other.decide(WEB).word != "expected"


def test_ports_in_a_row_are_a_range_and_very_many_are_several_rules():
    ports = [Listen("tcp", number, number) for number in (5, 6, 7, 9, 10)]
    assert [blocks.listen(one) for one in proposing.joined(ports)] == [
        "tcp/5-7 on public", "tcp/9 on public", "tcp/10 on public",
    ]  # fmt: skip
    mixed = [
        Listen("tcp", 5, 5),
        Listen("tcp", 5, 5, scope="loopback"),
        Listen("tcp", 6, 6),
        Listen("tcp", 7, 7, scope="link"),
    ]
    assert [blocks.listen(one) for one in proposing.joined(mixed)] == [
        "tcp/5 on public",
        "tcp/6 on public",
        "tcp/7 on link",
    ]
    many = propose(seen(*[opening(number, owner()) for number in range(1, 301, 2)]), NOW)
    assert [len(one.rule.listen) for one in many.rules] == [64, 64, 22]
    assert len({one.rule.id for one in many.rules}) == 3


@pytest.mark.parametrize("number", range(3))
def test_the_order_of_what_was_seen_makes_no_difference(number):
    openings = [WEB, WEB80, STATUS, SSH, CHOSEN, DB, *DANGEROUS]
    turned = openings[number * 4 :] + openings[: number * 4]
    assert proposing.text(propose(seen(*turned), NOW)) == proposing.text(propose(seen(*openings), NOW))


NAMES = st.text(st.characters(exclude_categories=()), min_size=1, max_size=30)
OPENINGS = st.lists(
    st.builds(
        lambda port, exe, package, unit, user, scope: opening(
            port, owner(f"/{exe}", package, unit and f"{unit}.service", user=user, comm=exe), scope=scope
        ),
        st.integers(1, 65535),
        NAMES,
        st.one_of(st.none(), NAMES),
        st.one_of(st.none(), NAMES),
        NAMES,
        st.sampled_from(["public", "private", "loopback"]),
    ),
    max_size=6,
)


@pytest.mark.slow
@given(OPENINGS)
def test_whatever_is_proposed_is_toml_and_covers_what_it_was_proposed_for(openings):
    found = propose(seen(*openings), NOW)
    parsed = language.read([("p.toml", proposing.text(found))])
    assert parsed.errors == ()
    assert len(parsed.baseline.rules) == len(found.rules)
    decider = Decider(parsed.baseline, HOST, NOW)
    left = {one.key for one in found.left_out}
    for one in openings:
        if one.key not in left:
            assert decider.decide(one).word == "expected", one.key
