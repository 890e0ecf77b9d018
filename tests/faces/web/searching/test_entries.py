"""Entries: one for each thing, found by what it is called, and leading to where it is told."""

from __future__ import annotations

import pytest
from tests.faces.deciding import BASELINE
from tests.faces.web import kit
from tests.faces.web.api import asking

from hb_engine.faces.web import addresses
from hb_engine.faces.web.searching import entries
from hb_engine.faces.web.searching.entries import FIELDS, GROUPS, joined
from hb_engine.model.verdict import WORDS

HUB = asking.site().hub
ALL = {
    "services": list(entries.services(HUB)),
    "threats": list(entries.threats(HUB)),
    "findings": list(entries.findings()),
    "rules": list(entries.rules(asking.SIGHT)),
    "machines": list(entries.machines(asking.SIGHT)),
    "processes": list(entries.processes(asking.SIGHT)),
}


@pytest.mark.parametrize("group", ALL)
def test_each_is_of_its_group_and_has_known_fields(group):
    assert ALL[group]
    assert group in GROUPS
    for one in ALL[group]:
        assert one.group == group
        assert {field for field, _ in one.fields} <= set(FIELDS)
        assert one.href.startswith("/") or (group == "services" and not one.href)
        assert one.tone in ("", *WORDS)


def one_of(group, title):
    return next(one for one in ALL[group] if one.title == title)


def test_a_service():
    ssh = one_of("services", "ssh")
    assert (ssh.href, ssh.weight) == ("/ports/22", 22)
    assert ssh.detail.startswith("tcp/22, udp/22")
    http = one_of("services", "http")
    assert {"www", "www-http"} <= {text for field, text in http.fields if field == "alias"}


def test_every_name_of_the_registry_is_there_once():
    names = {row.name.lower() for row in kit.REGISTRY.all() if row.name}
    assert sorted([one.title.lower() for one in ALL["services"]]) == sorted(names)


def test_a_process_is_told_once_for_all_that_it_holds():
    found = [one for one in ALL["processes"] if one.title == "sshd"]
    assert [one.detail.rpartition(" · ")[2] for one in found] == ["web-17", "db-3", asking.BLIND.name]
    blind = found[2]
    assert dict(blind.fields)["port"] == "tcp/22 22"
    bad = one_of("processes", "kworker/u8:1")
    assert bad.tone == "alarm"
    assert ("finding", "deleted-executable") in bad.fields


def test_what_nobody_owns_is_found_by_what_is_known_of_it():
    titles = {one.title for one in ALL["processes"]}
    assert "" not in titles
    assert any(title.startswith(("kernel", "unknown", "unit")) or title.endswith(".service") for title in titles)


def test_rules_and_machines_lead_to_their_pages():
    assert one_of("rules", "web-https").href == "/baseline/rules/web-https"
    assert len(ALL["rules"]) == len(BASELINE.rules)
    assert one_of("machines", "web-17").href == "/machines/web-17"
    assert one_of("machines", asking.BLIND.name).href == addresses.machine(asking.BLIND.name)


def test_findings_lead_to_openings_of_which_they_speak():
    found = one_of("findings", "deleted-executable")
    assert found.href == "/search?q=deleted-executable&group=processes"


def test_facts_are_joined_without_the_empty_ones():
    assert joined("a", "", "b") == "a · b"
