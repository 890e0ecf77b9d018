"""What stands on the map: states by the baseline and the judge, each port once, and nothing lost in a crowd."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces import judged
from tests.faces.kit import BACKDOOR, HOST, LOOK, NOW, opening
from tests.faces.web import kit
from tests.faces.web.map import pngs

from hb_engine.app.hub.sameness import again
from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web.machines import rows as machines
from hb_engine.faces.web.map import overlay
from hb_engine.faces.web.map.hilbert import CELLS, PORTS
from hb_engine.faces.web.map.overlay import ALARM, DRAWN, EXPECTED, GONE, OPEN, STATES, make, overlay_of
from hb_engine.faces.web.map.overlay import LOOK as WORTH
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace
from hb_engine.model.report import Held, Report, Verdict
from hb_engine.model.verdict import Judgement, Reason


def sight(openings, verdicts=None, held=(), name="web-17"):
    """One machine; with verdicts it has a baseline, without it has none."""
    seen = Inventory(HOST, NOW, LOOK.coverage, tuple(openings))
    report = None if verdicts is None else Report(HOST, NOW, LOOK.coverage, tuple(verdicts), held=tuple(held))
    return Sight(1, NOW, (Machine(name, seen, report),))


def states(of):
    return {one.port: one.state for one in make(of).marks}


def verdict(one, state="drift", severity="high", kind="new"):
    return Verdict(kind, state, severity, one.key, "because", HOST.name, one)


def alarming(port, severity="critical"):
    return opening(port, verdict=Judgement(severity, (Reason("rule", severity, "odd"),)))


def test_without_a_baseline_nothing_is_expected():
    assert states(sight([opening(22), alarming(23), alarming(24, "medium")])) == {22: OPEN, 23: ALARM, 24: WORTH}


def test_expected_is_what_a_rule_covers():
    one, other = opening(22), opening(23)
    assert states(sight([one, other], [], [Held("ssh", "allow", keys=(one.key,))])) == {22: EXPECTED, 23: OPEN}


@pytest.mark.parametrize(
    ("severity", "state"), [("critical", ALARM), ("high", ALARM), ("medium", WORTH), ("low", WORTH), ("info", WORTH)]
)
def test_drift_is_as_bad_as_its_severity_whatever_covers_it(severity, state):
    one = opening(22)
    covered = [Held("ssh", "allow", keys=(one.key,))]
    assert states(sight([one], [verdict(one, severity=severity)], covered)) == {22: state}


def test_the_worst_of_several_verdicts_counts():
    one = opening(22)
    told = [verdict(one, severity="low"), verdict(one, severity="critical"), verdict(one, severity="medium")]
    assert states(sight([one], told)) == {22: ALARM}


@pytest.mark.parametrize("state", ["debt", "note", "unseen", "accepted"])
def test_what_is_no_drift_alarms_nobody(state):
    one = opening(22)
    assert states(sight([one], [verdict(one, state)])) == {22: OPEN}


def test_in_a_window_it_may_be_so():
    one = opening(22)
    assert states(sight([one], [verdict(one, "muted")])) == {22: OPEN}


@pytest.mark.parametrize("severity", ["none", "info", "low", "medium", "high", "critical"])
@pytest.mark.parametrize("state", ["drift", "muted", "debt", "covered", ""])
def test_the_map_and_the_machines_page_say_the_same_of_it(severity, state):
    one = alarming(22, severity)
    told = [verdict(one, state, severity="medium")] if state in ("drift", "muted", "debt") else []
    held = [Held("ssh", "allow", keys=(one.key,))] if state == "covered" else []
    shown = sight([one], told, held)
    (row,) = machines.of(shown)[0].all
    quiet = EXPECTED if row.state == "expected" else OPEN
    assert states(shown) == {22: {"alarm": ALARM, "look": WORTH}.get(row.mark, quiet)}


def test_what_is_required_and_not_there_is_on_the_map():
    gone = Verdict("gone", "drift", "high", "tcp/public/443", "web-https requires it")
    found = make(sight([opening(22)], [gone]))
    assert {one.port: one.state for one in found.marks} == {22: OPEN, 443: GONE}
    assert found.by_port[443].entries[0].opening is None
    assert found.by_port[443].entries[0].reason == "web-https requires it"


@pytest.mark.parametrize("key", ["tcp/public/any", "tcp", "", "raw/public/icmp", "tcp/public/70000", "tcp/public/x/y"])
def test_what_is_required_and_has_no_number_is_not(key):
    assert states(sight([], [Verdict("gone", "drift", "high", key, "")])) == {}


def test_a_port_is_there_once_and_as_bad_as_the_worst_on_it():
    found = make(sight([opening(53), opening(53, transport="udp"), alarming(53)]))
    assert [(one.port, one.state, one.transports) for one in found.marks] == [(53, ALARM, ("tcp", "udp"))]
    assert len(found.entries) == 3
    assert found.counts == {**dict.fromkeys(STATES, 0), ALARM: 1}


def test_several_machines_are_named_in_their_order():
    both = Sight(1, NOW, (kit.MACHINE, kit.OTHER))
    found = make(both).by_port[1703]
    assert found.machines == (kit.MACHINE.name, kit.OTHER.name)
    assert make(both, kit.OTHER.name).by_port[1703].machines == (kit.OTHER.name,)
    assert make(both, "nobody").marks == ()


def test_a_transport_alone():
    of = sight([opening(53), opening(53, transport="udp"), opening(80), opening(99, transport="udplite")])
    assert {one.port for one in make(of, "", "udp").marks} == {53, 99}
    assert {one.port for one in make(of, "", "tcp").marks} == {53, 80}


def test_what_has_no_port_is_counted_and_not_drawn():
    tap = opening(None, transport="packet", kind="tap")
    assert make(sight([opening(22), tap])).portless == 1
    assert make(sight([opening(22), tap]), "", "tcp").portless == 0


def test_a_namespace_is_on_the_map_too():
    inside = replace(opening(8080), netns=replace(opening(1).netns, kind="container", name="shop"))
    assert states(sight([inside])) == {8080: OPEN}


def test_the_worst_come_first():
    order = [one.state for one in make(kit.SIGHT).marks]
    assert order == sorted(order, key=STATES.index)
    assert order[0] == ALARM


def test_of_alarms_the_gravest_comes_first_whatever_its_port():
    def bad(port, severity):
        return replace(BACKDOOR, port=port, verdict=replace(BACKDOOR.verdict, severity=severity))

    seen = replace(kit.MACHINE.seen, openings=(bad(80, "high"), bad(31337, "critical"), bad(22, "high")))
    sight = replace(kit.SIGHT, machines=(replace(kit.MACHINE, seen=seen, report=None),))
    assert [one.port for one in make(sight).entries] == [31337, 22, 80]


# -- kept for a sight


def test_a_sight_is_looked_through_once():
    first = overlay_of(kit.SIGHT)
    assert overlay_of(kit.SIGHT) is first
    other = replace(kit.SIGHT, machines=())
    assert overlay_of(other).marks == ()
    assert overlay_of(kit.SIGHT).marks == first.marks


def test_a_look_that_showed_the_same_is_not_looked_through_anew():
    first = overlay_of(kit.SIGHT)
    assert overlay_of(again(kit.SIGHT, kit.NOW + 60)) is first


def test_what_is_shown_stays_while_the_next_sight_is_made_ready():
    first, other = overlay_of(kit.SIGHT), replace(kit.SIGHT, number=2, machines=())
    overlay_of(other)
    assert overlay_of(kit.SIGHT) is first


def test_not_more_are_kept_than_there_is_room_for():
    for number in range(3 * overlay.KEPT):
        overlay_of(kit.SIGHT, f"machine-{number}")
    known: dict[object, object] = overlay.SHELF.of(kit.SIGHT, "overlays", lambda _: {})
    assert 0 < len(known) <= overlay.KEPT


# -- very many


def many(count):
    return [1 + (number * 40503) % 65535 for number in range(count)]


def test_of_many_the_worst_are_drawn_and_the_rest_are_cells():
    ports = many(DRAWN + 60)
    bad = ports[-3:]
    found = make(sight([*[opening(port) for port in ports[:-3]], *[alarming(port) for port in bad]]))
    assert len(found.drawn) == DRAWN
    assert {*bad} <= {one.port for one in found.drawn}
    assert len(found.rest) == 60
    assert {one.port for one in (*found.drawn, *found.rest)} == {*ports}


def test_in_a_crowd_only_what_needs_a_look_has_a_mark():
    ports = many(overlay.CROWD + 10)
    found = make(sight([*[opening(port) for port in ports[:-2]], *[alarming(port) for port in ports[-2:]]]))
    assert {one.port for one in found.drawn} == {*ports[-2:]}
    assert len(found.rest) == overlay.CROWD + 8


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_layer_has_a_cell_for_each_of_the_rest_and_lets_all_else_through(theme):
    ports = many(DRAWN + 40)
    found = make(sight([opening(port) for port in ports]))
    rows = pngs.pixels(found.layer(theme))
    covered = {port for port in range(PORTS) if rows[CELLS[port][1]][CELLS[port][0]][3]}
    assert covered == {one.port for one in found.rest}


def test_runs_say_the_same_as_the_layer():
    ports = [*range(20000, 20000 + DRAWN + 5), 40000, 40002, 40003]
    found = make(sight([opening(port) for port in ports]))
    runs = found.runs()
    told = {
        port: state
        for first, last, state in zip(runs[::3], runs[1::3], runs[2::3], strict=True)
        for port in range(first, last + 1)
    }
    assert told == {one.port: one.state for one in found.rest}
    assert len(runs) == 9


def test_few_have_no_layer():
    found = make(kit.SIGHT)
    assert found.rest == ()
    assert found.runs() == []


def test_the_address_of_the_layer_changes_with_what_is_open():
    one, other = make(sight([opening(22)])), make(sight([opening(22), opening(23)]))
    assert one.digest != other.digest
    assert make(sight([opening(22)])).digest == one.digest
    assert make(sight([alarming(22)])).digest != one.digest


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, PORTS - 1), st.sampled_from(["tcp", "udp"])), max_size=30))
def test_no_opening_with_a_port_is_lost(places):
    found = make(sight([opening(port, transport=transport) for port, transport in places]))
    assert {one.port for one in found.marks} == {port for port, _ in places}
    assert len(found.entries) == len(places)
    assert sum(found.counts.values()) == len(found.marks)
    assert all((one.x, one.y) == CELLS[one.port] for one in found.marks)


def test_every_kind_of_verdict_has_its_place():
    report = judged.every()
    told = tuple([one.opening for one in report.verdicts if one.opening])
    found = make(Sight(1, NOW, (Machine("web-17", Inventory(HOST, NOW, LOOK.coverage, told), report),)))
    assert {one.state for one in found.marks} <= {*STATES}
    assert len(found.marks) >= len({one.port for one in told})
