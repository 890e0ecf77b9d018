"""What a network has on a port: never "closed" of what was not looked at."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces import judged
from tests.faces.kit import BACKDOOR, HOST, NOBODY, NOW, ROOT, SSH, WEBBOX, opening
from tests.faces.web import kit

from hb_engine.app.hub.sameness import again
from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web.ports import standing
from hb_engine.faces.web.ports.standing import open_ports, silence, stands
from hb_engine.model.coverage import would_show
from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS
from hb_engine.model.inventory import Coverage, Gap, Inventory
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace

BOTH = ("tcp", "udp")


def machine(*openings, coverage=ROOT, report=None, name="web-17", source=""):
    return Machine(name, Inventory(HOST, NOW, coverage, openings), report, source)


def stand(port, *openings, **more):
    (found,) = stands(Sight(1, NOW, (machine(*openings, **more),)), port, BOTH)
    return found


def test_what_is_open_is_told_with_its_row_and_what_is_not_as_closed():
    found = stand(1703, BACKDOOR, SSH)
    assert [row.opening for row in found.rows] == [BACKDOOR]
    assert found.opened
    assert not found.closed
    (quiet,) = found.silences
    assert (quiet.transports, quiet.closed, quiet.apart) == (("udp",), True, True)


def test_a_look_that_saw_all_says_closed():
    found = stand(1703, SSH)
    assert found.closed
    assert [one.transports for one in found.silences] == [BOTH]  # told together


@pytest.mark.parametrize(
    "about",
    [
        "",
        "any",
        "tcp",
        "udp",
        "listener forward",
        "loopback",
        "tcp/1700-1710",
        "redirect",
        "mptcp",
        "device",
        "no-such-word",
    ],
)
def test_what_a_gap_may_hide_is_not_closed(about):
    gap = Gap("something", "it could not be asked", "run as root", about)
    found = stand(1703, SSH, coverage=replace(ROOT, gaps=(gap,)))
    assert not found.closed
    unsure = [one for one in found.silences if not one.closed]
    assert unsure
    assert all(one.gaps == (gap,) for one in unsure)


@pytest.mark.parametrize(
    "about", ["owners", "facts", "scope", "pkg", "raw", "packet", "tcp/22", "tcp:bound", "netns", "hidden"]
)
def test_what_a_gap_cannot_hide_is_closed(about):
    found = stand(1703, SSH, coverage=replace(ROOT, gaps=(Gap("a", "b", "c", about),)))
    assert found.closed


def test_other_namespaces_are_told_apart():
    """Without rights only the host's own namespace is seen: closed there, and not everywhere."""
    found = stand(1703, SSH, coverage=NOBODY)
    assert found.closed
    assert [one.apart for one in found.silences] == [False]


def test_a_look_at_some_ports_says_nothing_of_the_others():
    found = stand(1703, SSH, coverage=replace(ROOT, partial="ports 22"))
    assert not found.closed
    assert [one.partial for one in found.silences] == ["ports 22"]


gaps = st.lists(
    st.sampled_from([*TRANSPORTS, *KINDS, *SCOPES, "netns", "any", "", "tcp/1-1024", "udp:bound", "owners", "hidden"]),
    max_size=3,
).map(lambda words: Gap("x", "y", "z", " ".join(words)))


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.builds(Coverage, st.booleans(), st.just(("sock_diag",)), st.lists(gaps, max_size=3).map(tuple)),
    st.sampled_from(["tcp", "udp", "sctp", "dccp"]),
    st.integers(1, 65535),
    st.sampled_from(SCOPES),
    st.sampled_from(["listener", "forward", "redirect", "kernel", "activation"]),
)
def test_closed_is_said_only_where_a_listener_would_have_been_shown(coverage, transport, port, scope, kind):
    kind = "bound" if transport == "udp" and kind == "listener" else kind
    there = opening(port, transport=transport, scope=scope, kind=kind)
    told = silence(coverage, transport, port)
    if told.closed:
        assert would_show(coverage, there)
    if told.apart:
        assert would_show(coverage, replace(there, netns=Netns(5, "", "container")))


def test_udplite_and_mptcp_are_asked_about_as_udp_and_tcp():
    lite = replace(opening(9, transport="udp"), transport="udplite")
    assert stand(9, lite).opened
    (quiet,) = stand(9, lite).silences
    assert quiet.transports == ("tcp",)


def test_what_the_baseline_misses_is_told():
    found = stand(443, SSH, report=judged.DRIFTED)
    assert [one.kind for one in found.missing] == ["gone"]
    assert stand(1703, SSH, report=judged.DRIFTED).missing == ()
    assert [one.kind for one in stand(8443, SSH, report=judged.BLIND).missing] == ["not-seen"]


def test_machines_come_in_the_order_of_what_is_there():
    sight = Sight(1, NOW, (
        machine(SSH, name="closed"),
        machine(SSH, coverage=replace(ROOT, partial="x"), name="unsure"),
        machine(SSH, report=judged.DRIFTED, name="missing"),
        machine(opening(443), name="open"),
    ))  # fmt: skip
    assert [one.machine.name for one in stands(sight, 443, BOTH)] == ["open", "missing", "unsure", "closed"]


def test_containers_and_ports_that_the_kernel_chose_are_open_too():
    assert stand(8080, WEBBOX).opened
    assert stand(40123, opening(40123, transport="udp", ephemeral=True)).opened


def test_many_openings_are_cut_and_counted():
    many = tuple([replace(opening(80), addresses=(f"10.0.0.{n}",)) for n in range(40)])
    found = stand(80, *many)
    assert (len(found.rows), found.more) == (12, 28)


def test_what_is_open_is_found_once_for_a_sight():
    assert open_ports(kit.SIGHT) is open_ports(kit.SIGHT)
    assert {row.opening.port for _, row in open_ports(kit.SIGHT)[1703]} == {1703}
    assert None not in open_ports(kit.SIGHT)


# -- what is kept


def test_a_machine_with_nothing_on_a_port_is_looked_up_once_for_all_such_ports(monkeypatch):
    sight = Sight(9, NOW, (replace(kit.MACHINE, report=None), replace(kit.OTHER, report=None)))
    first = stands(sight, 50001, ("tcp", "udp"))
    asked = []
    monkeypatch.setattr(standing, "_stand", lambda *words: asked.append(words))
    assert stands(sight, 50002, ("tcp", "udp")) == first
    assert asked == []


def test_it_has_the_time_of_the_last_look_that_showed_the_same():
    sight = Sight(9, NOW, (replace(kit.MACHINE, report=None),))
    assert stands(sight, 50001, ("tcp",))[0].machine.seen.taken_at == sight.machines[0].seen.taken_at
    later = again(sight, NOW + 60)
    assert stands(later, 50001, ("tcp",))[0].machine.seen.taken_at == NOW + 60


def test_where_a_gap_is_about_some_ports_each_is_looked_up():
    seen = kit.MACHINE.seen
    gap = Gap("what is on 50001", "it was not read", "", "tcp/50001")
    partial = replace(seen, coverage=replace(seen.coverage, gaps=(gap,)))
    sight = Sight(9, NOW, (replace(kit.MACHINE, seen=partial, report=None),))
    told = [stands(sight, port, ("tcp",)) for port in (50001, 50002, 50001)]
    assert told[0] == told[2]
    assert [bool(one[0].silences[0].gaps) for one in told] == [True, False, True]
    assert [one[0].silences[0].gaps for one in told] == [
        silence(partial.coverage, "tcp", port).gaps for port in (50001, 50002, 50001)
    ]


@pytest.mark.parametrize("order", [(22, 50001, 1703, 22), (50001, 22, 50001, 1703)])
def test_what_is_kept_is_what_is_found_anew(order):
    """Also where baselines miss something on one of the ports."""
    for port in order:
        assert stands(kit.SIGHT, port, ("tcp", "udp")) == stands(replace(kit.SIGHT), port, ("tcp", "udp"))
