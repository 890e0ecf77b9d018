"""An inventory is openings and what was asked; two looks that saw the same compare as such."""

from __future__ import annotations

import pytest

from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.record import replace

SSH = Opening("listener", "tcp", 22, ("0.0.0.0",), ("ipv4",), "public", Netns(1))
SEEN = Inventory(Host("web-17", "Debian"), 1.0, Coverage(True, ("sock_diag tcp",)), (SSH,))
GAP = Gap("the owners of 2 sockets", "not hb's to read", "run hb as root")


def test_a_gap_has_all_three_of_what_why_and_remedy():
    with pytest.raises(TypeError):
        Gap("the owners of 2 sockets", "not hb's to read")  # type: ignore[call-arg]


def test_an_inventory_without_coverage_cannot_be_made():
    """Openings alone would let silence pass for absence."""
    with pytest.raises(TypeError):
        Inventory(SEEN.host, SEEN.taken_at, openings=())  # type: ignore[call-arg]


def test_equal_gaps_are_one():
    """Collectors note the same gap in every namespace; a person reads it once."""
    assert len({GAP, Gap(GAP.what, GAP.why, GAP.remedy)}) == 1


def test_a_partial_look_differs_from_a_whole_one_with_the_same_openings():
    assert replace(SEEN, coverage=replace(SEEN.coverage, gaps=(GAP,))) != SEEN
    assert replace(SEEN) == SEEN


def test_a_host_may_be_known_by_name_alone():
    assert (Host("x", "").kernel, Host("x", "").boot_id) == ("", "")
