"""Whole documents keep the contract: schema, kind, fields and their order."""

from __future__ import annotations

import json

import pytest
from tests.faces import kit
from tests.faces.kit import LOOK, hostile_look

from hb_engine.faces.export import documents
from hb_engine.model.errors import BadInput, CannotLook, TooSoon


def read(text):
    assert text.isascii()
    assert text.count("\n") == 1
    told = json.loads(text)
    assert list(told)[:2] == ["schema", "kind"]
    assert told["schema"] == "hb/1"
    return told


def test_inventory():
    told = read(documents.inventory(LOOK))
    assert list(told) == ["schema", "kind", "host", "taken_at", "coverage", "openings", "speaks"]
    assert told["speaks"] is None
    assert told["kind"] == "inventory"
    assert told["taken_at"] == "2026-11-22T14:05:11Z"
    assert told["host"]["name"] == "web-17"
    assert told["coverage"] == {"privileged": True, "sources": list(kit.SOURCES), "gaps": [], "partial": ""}
    assert [opening["port"] for opening in told["openings"]] == [opening.port for opening in LOOK.openings]


def test_gaps_have_what_why_and_remedy():
    told = read(documents.inventory(kit.unprivileged()))
    assert told["coverage"]["gaps"][0] == {
        "what": "owners of 5 sockets",
        "why": "their processes are not yours to read",
        "remedy": "run as root, or give hb CAP_SYS_PTRACE",
        "about": "owners",
    }


def test_a_hostile_machine_is_a_valid_document():
    told = read(documents.inventory(hostile_look()))
    assert len(told["openings"]) == len(kit.HOSTILE)


CONTRACT = [
    "schema",
    "kind",
    "port",
    "range",
    "privileged",
    "ephemeral_here",
    "assignments",
    "threats",
    "pressure",
    "openings",
]


def test_port():
    found = kit.Found(
        "1703",
        kit.PAGE,
        openings=(kit.BACKDOOR,),
        coverage=kit.ROOT,
        elsewhere=(kit.Elsewhere("OpenBSD", False, True, "x"),),
    )
    told = read(documents.port(found, (kit.PRESSURE[:1], kit.ATTRIBUTION)))
    assert list(told)[: len(CONTRACT)] == CONTRACT
    assert (told["port"], told["range"], told["privileged"], told["ephemeral_here"]) == (1703, "user", False, False)
    assert told["assignments"][0]["name"] == "hb-engine"
    assert list(told["threats"][0])[:5] == ["name", "kind", "direction", "confidence", "source"]
    assert told["threats"][0]["platform"] == "windows"
    assert told["pressure"]["days"] == [{"date": "2026-11-01", "records": 20, "targets": 84, "sources": 41}]
    assert told["pressure"]["attribution"] == kit.ATTRIBUTION
    assert told["openings"][0]["port"] == 1703
    assert [row["name"] for row in told["near"]] == ["deskshare", "bcs-broker"]
    assert told["elsewhere"] == [{"system": "OpenBSD", "privileged": False, "ephemeral": True, "note": "x"}]


def test_a_machine_that_was_not_looked_at_is_not_a_closed_port():
    told = read(documents.port(kit.Found("50000", kit.DYNAMIC, problem="netlink refused")))
    assert told["openings"] is None
    assert told["problem"] == "netlink refused"
    assert told["pressure"] is None
    assert read(documents.port(kit.Found("50000", kit.DYNAMIC, openings=())))["openings"] == []


def test_names_have_matches_or_suggestions():
    told = read(documents.port(kit.Found("http", matches=kit.PAGE_80.assignments)))
    assert list(told)[: len(CONTRACT)] == CONTRACT
    assert told["port"] is None
    assert len(told["matches"]) == 6
    assert read(documents.port(kit.Found("x", suggestions=("a", "b"))))["suggestions"] == ["a", "b"]


@pytest.mark.parametrize(
    ("coverage", "openings", "state"),
    [(kit.ROOT, (kit.SSH,), "open"), (kit.ROOT, (), "closed"), (kit.NOBODY, (), "not seen")],
)
def test_why_says_closed_only_of_what_was_asked(coverage, openings, state):
    told = read(documents.why(kit.story("22", None, 22, coverage, openings, None, {})))
    assert told["state"] == state
    assert told["coverage"]["privileged"] is coverage.privileged


def test_why_has_the_evidence_and_the_registry():
    told = read(documents.why(kit.story("1703", "tcp", 1703, kit.ROOT, (kit.BACKDOOR,), kit.PAGE, kit.DETAILS)))
    assert told["details"][kit.BACKDOOR.key]["sha256"] == "9f31" * 16
    assert told["threats"][0]["name"] == "Exploiter"


def test_update_has_every_field_of_the_result_and_its_times():
    told = read(documents.update(kit.updated("updated", 1, 2, 3, "a note")))
    assert told["state"] == "updated"
    assert (told["added"], told["removed"], told["changed"]) == (1, 2, 3)
    assert told["checked_at"] == "2026-11-22T14:05:11Z"
    assert told["note"] == "a note"


@pytest.mark.parametrize(
    ("raised", "word"),
    [(BadInput("m", "r"), "bad-input"), (CannotLook("m", "r"), "cannot-look"), (TooSoon("m", "r"), "too-soon")],
)
def test_errors_name_their_class(raised, word):
    assert read(documents.error(raised)) == {
        "schema": "hb/1",
        "kind": "error",
        "error": word,
        "message": "m",
        "remedy": "r",
    }
