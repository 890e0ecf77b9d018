"""All machines: numbers of each, in orders that a person asks for, and a way to each by name."""

from __future__ import annotations

import pytest
from tests.faces.kit import NOW, is_safe
from tests.faces.web import kit
from tests.faces.web.machines import sights
from tests.faces.web.machines.sights import BLIND, HOSTILES, SIGHTS, fleet
from tests.kit.html import complaints

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines.rows import of
from hb_engine.faces.web.pages import machines


def shown(sight, path="/machines"):
    return sights.shown(sight, path)


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_a_good_page_whatever_there_is_to_see(sight):
    answer = shown(sight)
    assert answer.status_code == 200
    assert complaints(answer.content) == []
    assert is_safe(answer.text)


def test_each_machine_with_its_numbers():
    text = shown(kit.SIGHT).text
    assert 'href="/machines/web-17"' in text
    assert 'href="/machines/db-3"' in text
    assert "4 need a look" in text
    assert "Debian 12" in text


def test_what_was_not_seen_is_no_quiet_machine():
    assert "nothing odd in what was seen" in shown(Sight(1, NOW, fleet(1))).text
    assert "5" in shown(BLIND).text


def test_every_name_leads_to_its_machine():
    for one in HOSTILES.machines:
        assert shown(HOSTILES, addresses.machine(one.name)).status_code == 200


@pytest.mark.slow
def test_orders_and_pages():
    sight = Sight(1, NOW, fleet(250))
    assert "Page 1 of 3" in shown(sight).text
    by_name = shown(sight, "/machines?sort=name").text
    assert by_name.index("host-000") < by_name.index("host-050")
    assert by_name.index("host-007") < by_name.index("host-057")
    worst = shown(sight).text
    assert worst.index("host-207") < worst.index("host-000")
    for sort in ("seen", "openings", "drift", "debt", "gaps", "nothing"):
        assert shown(sight, f"/machines?sort={sort}&page=2").status_code == 200


@pytest.mark.parametrize(
    ("words", "fits"), [("WEB", True), ("debian 12", True), ("web db", False), ("", True), ("bookworm web-17", True)]
)
def test_words_of_a_machine(words, fits):
    assert machines.fits(of(kit.SIGHT)[0], words) is fits


def test_addresses_and_labels_are_words_too():
    from hb_engine.model.record import replace

    host = replace(kit.MACHINE.seen.host, addresses=("192.0.2.9",), labels=("env=prod",))
    sight = Sight(1, NOW, (replace(kit.MACHINE, seen=replace(kit.MACHINE.seen, host=host)),))
    assert machines.fits(of(sight)[0], "192.0.2 prod")
