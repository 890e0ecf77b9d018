"""What a number means on each system; the words for it are as complete as the data."""

from __future__ import annotations

import pytest

from hb_engine.faces.web.language import language
from hb_engine.faces.web.ports import systems
from hb_engine.model.assignment import PortRange
from hb_engine.registry.ranges import DEFAULTS, port_range

ENGLISH = language("en")


def test_every_system_of_the_data_is_told_with_where_it_is_set():
    assert set(systems.SHOWN) == {rule.system for rule in DEFAULTS}
    assert {rule.system for rule in DEFAULTS if rule.privileged} <= set(systems.NOTES)


@pytest.mark.parametrize(("port", "needed"), [(0, True), (22, True), (1023, True), (1024, False), (49152, False)])
def test_low_ports_need_rights_but_on_windows(port, needed):
    told = {one.name: one for one in systems.elsewhere(port, ENGLISH)}
    assert [name for name, one in told.items() if one.privileged != needed] == (
        ["Windows", "Windows XP and 2003"] if needed else []
    )
    assert told["Linux"].note == (ENGLISH.say(systems.NOTES["Linux"]) if needed else "")
    assert "Hyper-V" in told["Windows"].note  # whatever the number


def test_which_systems_pick_1703():
    assert [one.name for one in systems.elsewhere(1703, ENGLISH) if one.ephemeral] == ["Windows XP and 2003", "OpenBSD"]


def test_this_machine_is_told_by_its_kernel():
    row = systems.here(PortRange("user", 1024, 49151, privileged=None, ephemeral=True, detail="x"), (1, 9), ENGLISH)
    assert (row.live, row.privileged, row.ephemeral, row.first, row.last, row.shown) == (True, None, True, 1, 9, "x")
    assert systems.here(port_range(80), None, ENGLISH).first is None


@pytest.mark.parametrize(
    ("port", "words"),
    [(0, "well-known ports (system ports), 0 to 1023"), (1703, "1024 to 49151"), (65535, "49152 to 65535")],
)
def test_the_range_of_a_port(port, words):
    assert words in systems.span(port_range(port), ENGLISH)
