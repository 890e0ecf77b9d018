"""A report as JSON: one document, or a line for each verdict; everything in it, nothing unescaped."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.reports import ALL, DEBT, GONE, NEW, UNSEEN, WIDENED, fleet, report

from hb_engine.faces.export import report_json
from hb_engine.model.record import replace
from hb_engine.model.report import Verdict

CONTRACT = ["rule", "severity", "state", "opening", "reason", "evidence", "remedy"]


def whole(*reports):
    told = report_json.whole(list(reports))
    assert told.isascii()
    assert told.count("\n") == 1
    return json.loads(told)


def test_the_contract_comes_first():
    told = whole(report(*ALL))
    assert list(told)[:4] == ["schema", "kind", "verdicts", "summary"]
    assert (told["schema"], told["kind"]) == ("hb/1", "report")
    for verdict in told["verdicts"]:
        assert list(verdict)[: len(CONTRACT)] == CONTRACT


def test_everything_of_a_verdict_is_in_it():
    verdict = whole(report(WIDENED))["verdicts"][0]
    assert verdict["opening"]["key"] == verdict["key"] == kit.REDIS.key
    assert verdict["difference"] == "widened"
    assert verdict["where"] == {"file": "hb.d/db.toml", "line": 12, "column": 1}
    assert (verdict["rule"], verdict["owner"], verdict["why"]) == ("db-redis", "dba", "the shop's cache")
    assert verdict["causes"] == [
        {
            "at": "2026-11-22T13:58:11Z",
            "text": "/etc/redis/redis.conf changed by deploy",
            "source": "/etc/redis/redis.conf",
            "kind": "config",
        }
    ]
    assert verdict["since"] is None
    assert whole(report(NEW))["verdicts"][0]["since"] == "2026-11-22T14:01:51Z"


def test_what_is_not_there_has_no_opening_and_no_place_is_null():
    assert whole(report(GONE))["verdicts"][0]["opening"] is None
    assert whole(report(NEW))["verdicts"][0]["where"] is None


def test_the_sum_counts_over_all_machines():
    told = whole(*fleet(3, *ALL))
    assert told["summary"] == {
        "hosts": 3,
        "openings": 42,
        "expected": 33,
        "drift": 12,
        "debt": 3,
        "note": 3,
        "unseen": 3,
        "muted": 3,
        "accepted": 3,
        "by_kind": {"new": 6, "gone": 3, "widened": 3},
        "by_severity": {"info": 0, "low": 0, "medium": 6, "high": 3, "critical": 3},
    }


def test_one_machine_and_many_have_the_same_shape():
    one, many = whole(report(NEW)), whole(*fleet(2, NEW))
    assert list(one) == list(many)
    assert [each["host"]["name"] for each in many["hosts"]] == ["web-0", "web-1"]
    assert [each["host"] for each in many["verdicts"]] == ["web-0", "web-1"]
    assert one["hosts"][0]["rules"] == 23
    assert one["hosts"][0]["coverage"]["privileged"] is True
    assert whole()["hosts"] == []


def test_lines_are_documents_of_their_own():
    lines = list(report_json.lines([report(NEW, DEBT), report(UNSEEN)]))
    told = [json.loads(line) for line in lines]
    assert [each["kind"] for each in told] == ["report-verdict"] * 3 + ["report-end"]
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
    assert [each["state"] for each in told[:-1]] == ["drift", "debt", "unseen"]
    assert told[-1]["summary"] == whole(report(NEW, DEBT), report(UNSEEN))["summary"]
    assert {name: value for name, value in told[0].items() if name not in ("schema", "kind")} == whole(report(NEW))[
        "verdicts"
    ][0]


@pytest.mark.parametrize("text", kit.HOSTILE)
def test_strangers_text_is_ascii_and_comes_back(text):
    one = replace(NEW, reason=text, rule=text, evidence=(text,), host=text)
    verdict = whole(report(one))["verdicts"][0]
    assert verdict["reason"] == verdict["evidence"][0]
    if "\udcff" not in text:
        assert verdict["reason"] == text


@pytest.mark.slow
@given(st.lists(st.text(max_size=20), min_size=8, max_size=8))
def test_any_text_makes_a_document_that_strict_parsers_take(texts):
    key, reason, host, rule, owner, why, evidence, remedy = texts
    one = Verdict("new", "drift", "low", key, reason, host, None, rule, None, owner, why, (evidence,), remedy)
    for told in (report_json.whole([report(one)]), *report_json.lines([report(one)])):
        json.dumps(json.loads(told), ensure_ascii=False).encode("utf-8")
