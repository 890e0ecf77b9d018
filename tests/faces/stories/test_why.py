"""Each opening is told; a closed port is closed only as far as was asked."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import NOW, golden, said

from hb_engine.faces.stories import why
from hb_engine.model.inventory import Coverage
from hb_engine.model.record import replace


def told(*openings, coverage=kit.ROOT, query="1703", transport=None, port=1703, page=kit.PAGE, width=None):
    return said(why.tell(kit.story(query, transport, port, coverage, openings, page, kit.DETAILS), NOW), width)


@pytest.mark.parametrize("width", [None, 80])
def test_a_closed_port(width):
    golden(f"why-closed-{width or 'plain'}.txt", told(width=width))


def test_a_port_that_could_not_be_seen_whole():
    golden("why-not-seen.txt", told(coverage=kit.NOBODY))


def test_closed_names_its_sources_and_what_is_registered():
    page = told(transport="tcp")
    assert page.startswith("tcp 1703: closed, as far as was asked.")
    assert "sock_diag tcp" in page
    assert "hb-engine" in page
    assert "Exploiter" in page
    assert "nft list ruleset | grep -nw 1703" in page


def test_rules_that_were_looked_at_need_no_other_look():
    page = told(coverage=Coverage(True, ("sock_diag tcp", "nf_tables")))
    assert "nft list" not in page
    assert "hb port 1703" in page


def test_gaps_take_closed_back():
    page = told(coverage=kit.NOBODY)
    assert "closed" not in page
    assert "nothing seen open, but not all could be asked." in page
    assert "sudo hb why 1703" in page
    assert "setns: operation not permitted" in page


def test_every_opening_is_told_the_worst_first():
    page = told(kit.SSH, kit.BACKDOOR, kit.WEBBOX)
    assert page.index("tcp 1703 on") < page.index("tcp 22 on") < page.index("tcp 8080 on")
    assert page.count("\n who ") == 3


def test_too_many_openings_are_counted():
    page = told(*[replace(kit.SSH, port=100 + n) for n in range(15)])
    assert page.count("\n who ") == 12
    assert "3 openings like these   hb ls" in page


def test_gaps_stand_beside_what_is_open_too():
    assert "unseen  owners of 5 sockets" in told(kit.unprivileged().openings[0], coverage=kit.NOBODY)
    assert "unseen" not in told(kit.SSH)


def test_evidence_goes_to_its_opening():
    page = told(kit.BACKDOOR, kit.SSH)
    assert page.count("48 KiB") == 1


def test_a_name_that_nothing_open_goes_by():
    page = told(query="frob", port=None, page=None)
    assert page.startswith("frob: closed, as far as was asked.")
    assert "hb ls --all --wide" in page
    assert "hb port" not in page


def test_a_question_that_cannot_be_typed_is_not_offered_again():
    assert "sudo hb why PORT" in told(query="a\nb", port=None, page=None, coverage=kit.NOBODY)
