"""hb plan: files and folders into a question, the plan into a page, a document and an exit status."""

from __future__ import annotations

import json

import pytest
from tests.faces.deciding import PLANS
from tests.faces.kit import Pipe, output

from hb_engine.app.ruling import plan as recipe
from hb_engine.faces.cli.main import main
from hb_engine.model.errors import BadInput


@pytest.fixture
def asked(monkeypatch):
    """What app.plan was asked; it answers with what `found` holds."""
    made = {"found": PLANS["mixed"], "questions": []}

    def plan(*question):
        made["questions"].append(question)
        if isinstance(made["found"], Exception):
            raise made["found"]
        return made["found"]

    monkeypatch.setattr(recipe, "plan", plan)
    return made


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    code = main(["plan", *line], output(stdout, stderr))
    return code, stdout.getvalue(), stderr.getvalue()


def test_words_are_handed_on(asked):
    run("a.json", "b.json", "--baseline", "new/hb.d", "--against", "HEAD~1", "--role", "web")
    run()
    assert asked["questions"] == [
        ("new/hb.d", "HEAD~1", ("a.json", "b.json"), ("web",)),
        ("", "", (), ()),
    ]


@pytest.mark.parametrize(("name", "code"), [("mixed", 1), ("many", 1), ("good", 0), ("nothing", 0), ("other", 0)])
def test_new_violations_are_the_exit_status(asked, name, code):
    asked["found"] = PLANS[name]
    assert run()[0] == code
    assert run("--json")[0] == code


def test_json(asked):
    assert json.loads(run("--json")[1])["kind"] == "plan"


def test_all_changes_on_request(asked):
    asked["found"] = PLANS["many"]
    assert "hb plan --all" in run()[1]
    assert "hb plan --all" not in run("--all")[1]


def test_trouble(asked):
    asked["found"] = BadInput("hb.d is in no git work tree", "Name the folder to compare with.")
    code, told, err = run()
    assert (code, told) == (2, "")
    assert "Name the folder to compare with." in err
