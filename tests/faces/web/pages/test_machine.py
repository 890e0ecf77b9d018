"""One machine: its openings filtered and paged, its ninety days, both sides, what it is; and names that are traps."""

from __future__ import annotations

import pytest
from tests.faces.kit import HOSTILE, NOW, is_safe
from tests.faces.web import kit
from tests.faces.web.machines import sights
from tests.faces.web.machines.answers import ANSWERS
from tests.faces.web.machines.sights import BLIND, CALM, DRIFT, SCANNED, SIGHTS, UNRULED, large
from tests.kit.html import complaints

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web import addresses
from hb_engine.model.record import replace

VIEWS = ("", "past", "outside", "host")


def shown(sight, path="/machines/web-17", answers=ANSWERS):
    return sights.shown(sight, path, answers)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_a_good_page_whatever_there_is_to_see(sight, view):
    for one in sight.machines[:3]:
        answer = shown(sight, f"{addresses.machine(one.name)}?view={view}")
        assert answer.status_code == 200
        assert complaints(answer.content) == []
        assert is_safe(answer.text)


@pytest.mark.parametrize("view", VIEWS)
def test_without_anybody_to_ask_a_page_is_a_page(view):
    answer = shown(DRIFT, f"/machines/web-17?view={view}", {})
    assert answer.status_code == 200
    assert complaints(answer.content) == []


def test_a_rule_leads_to_its_page_and_a_finding_nowhere():
    text = shown(DRIFT).text
    assert '<a href="/baseline/rules/cache" translate="no">cache</a>' in text
    (machine,) = DRIFT.machines
    assert machine.report is not None
    found = [replace(one, rule="deleted-executable", where=None) if one.rule == "cache" else one for one in machine.report.verdicts]  # fmt: skip # noqa: E501
    other = replace(machine, report=replace(machine.report, verdicts=tuple(found)))
    text = shown(replace(DRIFT, number=DRIFT.number + 60, machines=(other,))).text
    assert "deleted-executable" in text
    assert "/baseline/rules/deleted-executable" not in text


def test_a_machine_that_is_not_there():
    answer = shown(DRIFT, "/machines/nobody")
    assert answer.status_code == 404
    assert "There is no such machine here." in answer.text


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a%2fb", "%2e%2e", "x" * 300, "m\u00fcnchen", *HOSTILE])
def test_any_name_has_a_page_of_its_own(name):
    sight = Sight(1, NOW, (replace(kit.MACHINE, name="other"), replace(kit.MACHINE, name=name)))
    answer = shown(sight, addresses.machine(name))
    assert answer.status_code == 200
    assert complaints(answer.content) == []
    assert answer.text.count('aria-current="page"') >= 1


@pytest.mark.parametrize(
    ("query", "told", "untold"),
    [
        ("transport=udp", "4789", "6379"),
        ("scope=loopback", "5432", "6379"),
        ("state=drift", "6379", "4789"),
        ("q=nginx", "nginx.service", "redis-server"),
        ("every=1", "chrony.service", "no such thing"),
    ],
)
def test_filters(query, told, untold):
    text = shown(DRIFT, f"/machines/web-17?{query}").text.partition("<tbody>")[2]
    assert told in text
    assert untold not in text


def test_noise_is_folded_and_counted():
    text = shown(DRIFT).text
    assert "chrony.service" not in text
    assert "2 clients and idle sockets are folded away" in text


def test_what_was_not_seen_has_a_remedy():
    text = shown(BLIND).text
    assert "owners of 5 sockets" in text
    assert "run as root, or give hb CAP_SYS_PTRACE" in text


def test_a_part_that_was_asked_for_is_not_the_whole():
    seen = replace(kit.MACHINE.seen, coverage=replace(kit.MACHINE.seen.coverage, partial="ports 22, 443"))
    text = shown(Sight(1, NOW, (Machine("web-17", seen),))).text
    assert "ports 22, 443" in text
    assert "may be open all the same" in text


def test_ninety_days():
    text = shown(DRIFT, "/machines/web-17?view=past").text
    assert "Somebody looked on 57 of 90 days; on 3 of them something had changed." in text
    assert "Open on 1 of 90 days, closed on 16; on 73 nobody looked, or could have seen it." in text
    assert '<details class="strip-table">' in text
    assert "hb record --timer" in shown(DRIFT, "/machines/web-17?view=past", {}).text


def test_inside_and_outside():
    text = shown(SCANNED, "/machines/web-17?view=outside").text
    for told in ("answers, and nobody listens", "listens, filtered on the way", "listens, not asked", "OpenSSH 9.2p1",
                 "registered as https, speaks http in clear"):  # fmt: skip
        assert told in text
    how = shown(CALM, "/machines/web-17?view=outside").text
    assert "hb scan ADDRESS -p all --json &gt; outside.json" in how
    assert "hb serve outside.json" in how


def test_what_it_is():
    text = shown(DRIFT, "/machines/web-17?view=host").text
    for told in ("Debian GNU/Linux 12 (bookworm)", "6.1.0-28-amd64", "sock_diag tcp", "as root"):
        assert told in text
    assert "hb learn" in shown(UNRULED, "/machines/web-17?view=host").text


@pytest.mark.slow
def test_thousands_of_openings_are_pages_of_a_hundred():
    sight = Sight(1, NOW, (Machine("web-17", large(3000)),))
    answer = shown(sight)
    assert "Page 1 of 31" in answer.text
    assert len(answer.content) < 100_000
    assert answer.text.count("<tr ") == 100
    assert complaints(answer.content) == []
    assert "Page 2 of " in shown(sight, "/machines/web-17?scope=public&sort=port&page=2").text
