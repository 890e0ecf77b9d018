"""Decisions as JSON documents."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.deciding import BASELINE, CACHE, EXPLANATIONS, HTTPS, PLANS, PRUNED, explained, explanation, pruned
from tests.faces.kit import HOSTILE, NOW

from hb_engine.baseline.deciding.decide import Decider
from hb_engine.faces.export import deciding_json
from hb_engine.model.answer import Answer
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace


def loaded(text):
    assert text.endswith("\n")
    assert text.isascii()
    assert text.count("\n") == 1
    return json.loads(text)


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_explanations(name):
    told = loaded(deciding_json.explanation(EXPLANATIONS[name]))
    assert (told["schema"], told["kind"], told["host"], told["baseline"]) == ("hb/1", "explain", "web-17", "hb.d")
    for decision in (*told["decisions"], *told["if_open"]):
        assert len(decision["steps"]) + decision["other_rules"] == len(BASELINE.rules)
        assert {"word", "detail", "muted", "rule", "opening"} <= set(decision)


def test_a_decision_with_its_rule_and_its_steps():
    told = loaded(deciding_json.explanation(EXPLANATIONS["widened"]))
    (one,) = told["decisions"]
    assert (one["word"], one["rule"]["id"]) == ("expired", "old")
    assert [(step["rule"]["id"], step["outcome"]) for step in one["steps"]] == [("cache", "wider"), ("old", "expired")]
    assert one["rule"]["until"] == "2026-11-19T14:05:11Z"
    assert (one["rule"]["file"], one["rule"]["line"]) == ("hb.d/tmp.toml", 1)
    assert one["verdicts"][0]["kind"] == "widened"
    assert one["speaks"] is None
    assert one["opening"]["key"] == kit.REDIS.key


def test_what_speaks_is_as_in_scans():
    answer = Answer("tcp", 443, "open", "syn-ack", identity=Identity("http", "nginx", "1.22"))
    told = loaded(deciding_json.explanation(explanation("443", explained(kit.HTTPS, answer=answer))))
    assert told["decisions"][0]["speaks"]["service"]["name"] == "http"


def test_a_closed_port():
    told = loaded(deciding_json.explanation(EXPLANATIONS["missing"]))
    assert told["decisions"] == []
    assert told["if_open"][0]["word"] == "unseen"
    assert [one["kind"] for one in told["missing"]] == ["gone"]
    assert told["coverage"]["gaps"]


def test_what_no_rule_decided_has_none():
    told = loaded(deciding_json.explanation(EXPLANATIONS["unmatched"]))
    assert told["decisions"][0]["rule"] is None


def test_plans():
    told = loaded(deciding_json.plan(PLANS["mixed"]))
    assert (told["kind"], told["against"], told["hosts"]) == ("plan", "hb.d of HEAD", 12)
    assert told["counts"] == {"expected": 12, "violation": 1, "other": 0, "gone": 1, "required": 0}
    assert told["rules"] == {"added": ["web-https", "cache"], "removed": [], "changed": ["old"]}
    assert len(told["changes"]) == 14
    first, last = told["changes"][0], told["changes"][-1]
    assert (first["host"], first["effect"], first["rule"]["id"]) == ("web-1", "expected", "web-https")
    assert (first["before"]["word"], first["after"]["word"]) == ("unmatched", "expected")
    assert first["opening"]["port"] == 443
    assert (last["effect"], last["opening"], last["before"], last["after"]) == ("gone", None, None, None)


@pytest.mark.parametrize("name", PLANS)
def test_counts_are_those_of_the_changes(name):
    told = loaded(deciding_json.plan(PLANS[name]))
    assert sum(told["counts"].values()) == len(told["changes"]) == len(PLANS[name].changes)


def test_prunings():
    told = loaded(deciding_json.pruned(PRUNED["short"]))
    assert (told["kind"], told["days"], told["complete"], told["looks"]) == ("prune", 90, False, 72)
    assert told["history_begins"] == "2026-11-19T14:05:11Z"
    assert [rule["id"] for rule in told["rules"]] == ["cache"]
    assert loaded(deciding_json.pruned(PRUNED["none"]))["complete"] is True


def test_a_rule_in_short():
    told = deciding_json.rule(HTTPS)
    assert told is not None
    assert (told["listen"], told["by"], told["accepts"]) == ("tcp/443 on public", "unit:nginx.service", ("clear-text",))
    assert deciding_json.rule(None) is None


@given(st.sampled_from(HOSTILE))
def test_strangers_text_comes_back_as_it_was(text):
    rule = replace(CACHE, id=text, why=text, owner=text)
    if text.isprintable() or "\udcff" not in text:
        assert loaded(deciding_json.pruned(pruned(rule)))["rules"][0]["why"] == text
    decider = Decider(replace(BASELINE, rules=(rule,)), kit.HOST, NOW)
    found = [explained(seen, decider=decider) for seen in kit.hostile_look().openings]
    assert len(loaded(deciding_json.explanation(explanation(text, *found)))["decisions"]) == len(found)
