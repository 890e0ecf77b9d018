"""hb prune: a list and never a failure."""

from __future__ import annotations

import json

import pytest
from tests.faces.deciding import PRUNED
from tests.faces.kit import Pipe, output

from hb_engine.app.changing import prune as recipe
from hb_engine.faces.cli.main import main
from hb_engine.model.errors import BadInput


@pytest.fixture
def asked(monkeypatch):
    """What app.prune was asked; it answers with what `found` holds."""
    made = {"found": PRUNED["some"], "questions": []}

    def prune(*question):
        made["questions"].append(question)
        if isinstance(made["found"], Exception):
            raise made["found"]
        return made["found"]

    monkeypatch.setattr(recipe, "prune", prune)
    return made


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    code = main(["prune", *line], output(stdout, stderr))
    return code, stdout.getvalue(), stderr.getvalue()


def test_words_are_handed_on(asked):
    run()
    run("--days", "365", "--baseline", "x")
    assert asked["questions"] == [(90, ""), (365, "x")]


@pytest.mark.parametrize("name", PRUNED)
def test_it_is_a_warning_and_no_failure(asked, name):
    asked["found"] = PRUNED[name]
    assert run()[0] == 0
    assert json.loads(run("--json")[1])["kind"] == "prune"


@pytest.mark.parametrize("days", ["0", "-3", "x", "99999999"])
def test_days_that_are_none(asked, days):
    code, _, err = run("--days", days)
    assert code == 2
    assert err


def test_trouble(asked):
    asked["found"] = BadInput("there is no history yet", "Let hb record look now and then.")
    code, _, err = run()
    assert code == 2
    assert "hb record" in err
