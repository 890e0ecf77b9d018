"""The register as a document: every rule and every opening of the page, with times and numbers that programs read."""

from __future__ import annotations

import json

from tests.faces import registers

from hb_engine.faces.export.register import json as export
from hb_engine.wire.dates import iso


def told(register):
    text = export.write(register, "1.2.3")
    assert text.isascii()
    assert text.endswith("}\n")
    return json.loads(text)


def test_every_rule_and_every_opening_without_one():
    found = told(registers.ONE)
    assert (found["schema"], found["kind"], found["made_by"]) == ("hb/1", "register", "hb-engine 1.2.3")
    assert [line["rule"]["id"] for line in found["allowed"]] == [line.rule.id for line in registers.ONE.allowed]
    assert [line["rule"]["id"] for line in found["forbidden"]] == ["no-clear-text", "no-docker"]
    assert [one["key"] for one in found["unapproved"]] == [one.verdict.key for one in registers.ONE.unapproved]
    assert [line["rule"]["id"] for line in found["allowed"] if not line["approved"]] == ["time", "debug"]


def test_a_line_says_what_the_page_says():
    for line, made in zip(registers.ONE.allowed, told(registers.ONE)["allowed"], strict=True):
        assert made["ports"] == list(line.places)
        assert made["due"] == (None if line.due is None else iso(line.due))
        assert made["overdue"] is line.is_overdue
        assert (made["insecure"], made["features"]) == (list(line.insecure), list(line.features))
        assert [one["place"] for one in made["open"]] == [one.place for one in line.open]


def test_several_machines_and_what_could_not_be_judged():
    found = told(registers.MANY)
    assert [one["name"] for one in found["machines"]] == [machine.name for machine in registers.MANY.machines]
    assert [one["host"] for one in found["unjudged"]] == [one.verdict.host for one in registers.MANY.unjudged]
    assert all(one["state"] == "unseen" for one in found["unjudged"])
