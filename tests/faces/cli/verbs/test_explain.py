"""hb explain: a query into a question, the decision into a page, a document and an exit status."""

from __future__ import annotations

import json

import pytest
from tests.faces import kit
from tests.faces.deciding import EXPLANATIONS, GONE, explained, explanation, verdict
from tests.faces.kit import Pipe, output

from hb_engine.app.ruling import explain as recipe
from hb_engine.faces.cli.main import main
from hb_engine.faces.cli.verbs.explain import status
from hb_engine.model.errors import BadInput


@pytest.fixture
def asked(monkeypatch):
    """What app.explain was asked; it answers with what `found` holds."""
    made = {"found": EXPLANATIONS["expected"], "queries": []}

    def explain(query, wanted):
        made["queries"].append((query, wanted))
        if isinstance(made["found"], Exception):
            raise made["found"]
        return made["found"]

    monkeypatch.setattr(recipe, "explain", explain)
    return made


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    code = main(["explain", *line], output(stdout, stderr))
    return code, stdout.getvalue(), stderr.getvalue()


def test_words_are_handed_on(asked):
    code, told, _ = run("tcp/443", "--baseline", "x", "--pack", "debian,web", "--role", "web", "--no-ask")
    assert code == 0
    assert told.startswith("443: 1 opening")
    ((query, wanted),) = asked["queries"]
    assert (query, wanted.baseline, wanted.packs, wanted.roles, wanted.ask) == (
        "tcp/443", "x", ("debian", "web"), ("web",), False
    )  # fmt: skip


def test_what_speaks_is_asked_unless_it_is_not_wanted(asked):
    run("443")
    assert asked["queries"][0][1].ask is True


def test_json(asked):
    code, told, _ = run("443", "--json")
    assert code == 0
    assert json.loads(told)["kind"] == "explain"


def test_all_rules_on_request(asked):
    assert "another place" not in run("443")[1]
    assert "another place" in run("443", "--all")[1]


@pytest.mark.parametrize("line", [(), ("443", "80")])
def test_one_query_is_asked(asked, line):
    code, _, err = run(*line)
    assert code == 2
    assert err


def test_trouble(asked):
    asked["found"] = BadInput("there is no baseline", "Begin with hb learn --now.")
    code, _, err = run("443")
    assert code == 2
    assert "hb learn --now" in err


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (EXPLANATIONS["expected"], 0),
        (EXPLANATIONS["widened"], 1),
        (EXPLANATIONS["closed"], 0),
        (EXPLANATIONS["missing"], 1),
        (explanation("x", explained(kit.REDIS, verdict(kit.REDIS, "new", "known", state="debt"))), 0),
        (explanation("x", explained(kit.REDIS, verdict(kit.REDIS, "not-seen", "who?", state="unseen"))), 2),
        (
            explanation(
                "x", explained(kit.REDIS, verdict(kit.REDIS, "not-seen", "who?", state="unseen")), missing=(GONE,)
            ),
            1,
        ),
    ],
)
def test_exit_status(found, expected):
    assert status(found) == expected
