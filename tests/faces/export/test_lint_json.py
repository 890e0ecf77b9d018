"""hb lint as JSON: every problem with its place, whatever a file holds."""

from __future__ import annotations

import json

from hb_engine.app.ruling.lint import Linted
from hb_engine.faces.export.lint_json import document
from hb_engine.model.baseline import Problem, Where


def test_a_document():
    problem = Problem(Where("hb.d/a.toml", 2, 5), "no", "Write yes.", "warning", "syntax")
    found = Linted(("hb.d",), ("hb.d/a.toml",), 3, 2, 1, (problem,), {("hb.d/a.toml", 2): "why = 'ä'"})
    text = document(found)
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text) == {
        "schema": "hb/1",
        "kind": "lint",
        "paths": ["hb.d"],
        "files": ["hb.d/a.toml"],
        "rules": 3,
        "roles": 2,
        "windows": 1,
        "errors": 0,
        "warnings": 1,
        "problems": [
            {
                "file": "hb.d/a.toml",
                "line": 2,
                "column": 5,
                "level": "warning",
                "code": "syntax",
                "message": "no",
                "hint": "Write yes.",
                "text": "why = 'ä'",
            }
        ],
    }


def test_names_that_are_no_unicode():
    found = Linted(("\udcff",), (), 0, 0, 0, (Problem(Where("\udcff"), "x"),), {})
    assert json.loads(document(found))["problems"][0]["file"] == "\\xff"
