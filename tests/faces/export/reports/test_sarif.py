"""SARIF is valid by its schema, whatever strangers wrote; levels, states and suppressions say what is so."""

from __future__ import annotations

import json
import os
import urllib.parse

import pytest
from hypothesis import given
from tests.faces import judged
from tests.faces.kit import NOW, REDIS, is_safe

from hb_engine.faces.export.reports import sarif
from hb_engine.model.baseline import Where
from hb_engine.model.record import replace
from hb_engine.model.report import KINDS, STATES

SCHEMA = os.path.join(os.path.dirname(__file__), "sarif-2.1.0.json")
ALL = {
    "none": (),
    "quiet": (judged.QUIET,),
    "drift": (judged.DRIFTED,),
    "blind": (judged.BLIND,),
    "many": judged.MANY,
    "every": (judged.every(),),
}


def log(*found):
    return json.loads(sarif.write(found, "1.2.3", NOW))


def results(*found):
    return log(*found)["runs"][0]["results"]


@pytest.fixture(scope="module")
def validator():
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    with open(SCHEMA, encoding="utf-8") as file:
        return jsonschema.Draft202012Validator(json.load(file))


def wrong(validator, text):
    return [
        f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}"
        for each in validator.iter_errors(json.loads(text))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_it_is_valid_by_the_schema(validator, name):
    assert wrong(validator, sarif.write(ALL[name], "1.2.3", NOW)) == []


def test_the_schema_does_refuse(validator):
    """So that the tests beside this one can fail."""
    text = sarif.write((judged.DRIFTED,), "1.2.3", NOW)
    assert wrong(validator, text.replace('"level": "error"', '"level": "dreadful"', 1))
    assert wrong(validator, text.replace('"baselineState": "new"', '"baselineState": "newer"', 1))


@pytest.mark.slow
@pytest.mark.parametrize("text", judged.AWKWARD, ids=range(len(judged.AWKWARD)))
def test_strangers_text_is_valid_and_whole(validator, text):
    written = sarif.write((judged.saying(text),), "1.2.3", NOW)
    assert wrong(validator, written) == []
    assert written.isascii()


@given(judged.hostile_reports)
def test_it_is_json_whatever_is_in_it(report):
    found = json.loads(sarif.write((report,), "1.2.3", NOW))["runs"][0]["results"][0]
    assert is_safe(found["message"]["text"])
    assert "](" not in found["message"]["text"]
    verdict = report.verdicts[0]
    if verdict.reason.isascii():
        assert found["properties"]["evidence"] == list(
            verdict.evidence
        )  # the facts are whole; only sentences are escaped


def test_levels_are_of_failures_alone():
    for result in results(judged.every(), judged.BLIND):
        assert (result["level"] == "none") == (result["kind"] != "fail")
    found = {each["properties"]["key"]: each for each in results(judged.DRIFTED)}
    assert found[judged.NEW.key]["level"] == "error"
    assert found["tcp/public/443"]["level"] == "error"
    assert found["ssh-admin"]["kind"] == "review"
    assert results(judged.BLIND)[0]["kind"] == "open"


def test_every_severity_has_a_level():
    for severity, level in (
        ("critical", "error"),
        ("high", "error"),
        ("medium", "warning"),
        ("low", "note"),
        ("info", "note"),
    ):
        changed = replace(judged.NEW, severity=severity)
        assert results(replace(judged.DRIFTED, verdicts=(changed,)))[0]["level"] == level


def test_baseline_states():
    found = results(judged.DRIFTED)
    states = {(each["properties"]["drift"], each["properties"]["state"]): each["baselineState"] for each in found}
    assert states == {
        ("new", "drift"): "new",
        ("widened", "drift"): "updated",
        ("gone", "drift"): "new",  # absent results are hidden by viewers, and this one is an outage
        ("expired", "drift"): "updated",
        ("new", "debt"): "unchanged",
        ("suspicious", "accepted"): "unchanged",
        ("widened", "muted"): "updated",
        ("review-due", "note"): "unchanged",
        ("vanished", "note"): "absent",
    }
    assert set(sarif.BASELINE) == set(KINDS)


def test_what_was_accepted_or_muted_is_suppressed_with_its_reason():
    found = {each["properties"]["state"]: each for each in results(judged.DRIFTED)}
    assert set(found) == set(STATES) - {"unseen"}
    accepted = found["accepted"]["suppressions"][0]
    assert (accepted["kind"], accepted["status"]) == ("external", "accepted")
    assert accepted["justification"] == "Built here; owner: sre"
    assert accepted["location"]["physicalLocation"]["region"] == {"startLine": 40, "startColumn": 1}
    assert found["muted"]["suppressions"][0]["justification"] == "Sessions of the shop; owner: team-web"
    assert found["drift"]["suppressions"] == found["debt"]["suppressions"] == []


def test_locations():
    found = {
        each["properties"]["drift"]: each
        for each in results(replace(judged.DRIFTED, verdicts=judged.DRIFTED.verdicts[:4]))
    }
    place = found["widened"]["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "hb.d/web.toml"},
        "region": {"startLine": 31, "startColumn": 10},
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"] == f"web-17/{REDIS.key}"
    assert "physicalLocation" not in found["new"]["locations"][0]  # no rule is about it, so no line is


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("hb.d/web.toml", "hb.d/web.toml"),
        ("/etc/hb-engine/hb.d/a b.toml", "file:///etc/hb-engine/hb.d/a%20b.toml"),
        ("hb.d/ü#?%.toml", "hb.d/%C3%BC%23%3F%25.toml"),
        ("hb.d/\udcff.toml", "hb.d/%FF.toml"),
        ("hb.d/\ud800.toml", "hb.d/%5Cud800.toml"),
        ("hb:8", "hb%3A8"),  # no scheme
    ],
)
def test_paths_as_uris(path, expected):
    assert sarif.uri(path) == expected


@given(judged.anything | judged.surrogates)
def test_every_path_is_a_uri(path):
    found = sarif.uri(path)
    assert found.isascii()
    assert urllib.parse.urlsplit(found).scheme in ("", "file")


def test_fingerprints_stay_and_differ():
    first, again = results(*judged.MANY), results(*judged.MANY)
    prints = [each["partialFingerprints"]["hbResult/v1"] for each in first]
    assert prints == [each["partialFingerprints"]["hbResult/v1"] for each in again]
    assert len(set(prints)) == len(
        {
            (each["properties"]["host"], each["properties"]["key"], each["ruleId"], each["properties"]["rule"])
            for each in first
        }
    )
    later = replace(judged.NEW, evidence=("pid 9",), reason="other words", causes=(), since=None)
    assert (
        results(replace(judged.DRIFTED, verdicts=(later,)))[0]["partialFingerprints"] == first[0]["partialFingerprints"]
    )


def test_each_rule_is_described_once():
    driver = log(*judged.MANY)["runs"][0]["tool"]["driver"]
    names = [rule["id"] for rule in driver["rules"]]
    assert len(names) == len(set(names))
    for result in results(*judged.MANY):
        assert names[result["ruleIndex"]] == result["ruleId"]
    assert driver["version"] == "1.2.3"


def test_a_judge_s_rule_has_its_own_words():
    run = log(replace(judged.DRIFTED, verdicts=(judged.SUSPICIOUS,)))["runs"][0]
    rule = run["tool"]["driver"]["rules"][0]
    assert (rule["id"], rule["name"]) == ("deleted-executable", "DeletedExecutable")
    assert "deleted" in rule["shortDescription"]["text"]
    assert "honest" in rule["help"]["text"]
    odd = replace(judged.SUSPICIOUS, rule="../../etc/passwd")
    rule = log(replace(judged.DRIFTED, verdicts=(odd,)))["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["shortDescription"]["text"] == "Covered by a rule, and suspicious."


def test_gaps_and_machines_are_told():
    run = log(judged.BLIND, judged.OTHER)["runs"][0]
    blind, other = run["invocations"]
    assert [each["message"]["text"][:19] for each in blind["toolExecutionNotifications"]] == [
        "owners of 5 sockets",
        "namespace cni-4f2a:",
    ]
    assert (other["machine"], other["properties"]["source"]) == ("db-3", "db-3.json")
    assert [each["provenance"]["invocationIndex"] for each in run["results"]] == [0, 1]


def test_a_place_without_a_line():
    verdict = replace(judged.WIDENED, where=Where("hb.d"))
    assert results(replace(judged.DRIFTED, verdicts=(verdict,)))[0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "hb.d"}
    }
