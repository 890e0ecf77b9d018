"""Problems with places, in order, and hints in the words of a file's own format."""

from __future__ import annotations

import pytest

from hb_engine.baseline.language.nodes import Mistake, Node, Source
from hb_engine.baseline.language.problems import MOST, Problems, did_you_mean, in_order
from hb_engine.model.baseline import Problem, Where


def test_problems_of_a_file():
    problems = Problems(Source("a.toml", "one\ntwo = 'x'", lambda _text, at, offset, _value: at + 1 + offset))
    problems.error(4, "bad", "better", "code")
    problems.warning(0, "odd")
    problems.mistake(Node("text", "x", 10), Mistake("worse", 0, "hint"))
    problems.mistake(Node("text", "x", 10), Mistake("strange", 1, "hint", "unit"), level="warning")
    assert problems.errors == 2
    assert problems.found == [
        Problem(Where("a.toml", 2, 1), "bad", "better", "error", "code"),
        Problem(Where("a.toml", 1, 1), "odd", "", "warning", "value"),
        Problem(Where("a.toml", 2, 8), "worse", "hint", "error", "syntax"),
        Problem(Where("a.toml", 2, 9), "strange", "hint", "warning", "unit"),
    ]


def test_order_is_by_file_as_named_then_by_place_each_once():
    found = [Problem(Where(*place), "x") for place in (("b", 2, 1), ("a", 1, 9), ("b", 1, 1), ("a", 1, 9), ("c",))]
    assert [one.where.text for one in in_order(found, ["b", "a"])] == ["b:1:1", "b:2:1", "a:1:9", "c"]


@pytest.mark.parametrize(
    ("style", "name", "example", "written"),
    [
        ("TOML", "owner", '"x"', 'owner = "x"'),
        ("YAML", "owner", '"x"', "owner: x"),
        ("YAML", "rules", '["a"]', 'rules: ["a"]'),
        ("JSON", "owner", '"x"', '"owner": "x"'),
        ("JSON", "review", "2027-06-30", '"review": "2027-06-30"'),
        ("JSON", "rules", '["a"]', '"rules": ["a"]'),
    ],
)
def test_a_pair_as_the_format_writes_it(style, name, example, written):
    assert Problems(Source("a", "", None, style)).pair(name, example) == written


def test_tables_as_the_format_writes_them():
    written = {
        style: [Problems(Source("a", "", None, style)).table("x", many=many) for many in (True, False)]
        for style in ("TOML", "JSON", "YAML")
    }
    assert written["TOML"] == ["[[x]]", "[x]"]
    assert written["JSON"] == ['"x": [{...}, ...]', '"x": {...}']
    assert written["YAML"] == ["x: and below it a list, each with - before it", "x: and below it its keys"]


def test_what_was_meant():
    assert did_you_mean("publik", ("private", "public")) == "Did you mean public?"
    assert did_you_mean("zzz", ("a", "b")) == "There are a, b."
    assert did_you_mean("zzz", ("a", "b"), what="It is one of") == "It is one of a, b."
    assert did_you_mean("zzz", ("a",)) == "There is only a."
    assert did_you_mean("zzz", (), "Write one.") == "Write one."
    assert did_you_mean("q", [f"word{number}" for number in range(40)]).endswith("word11 ....")


def test_a_file_in_which_everything_is_wrong_is_told_in_part():
    problems = Problems(Source("a.toml", "x\n" * 3000))
    for number in range(3000):
        assert problems.full == (number > MOST)
        problems.error(2 * number, "no")
    assert problems.errors == 3000
    assert len(problems.found) == MOST + 1
    assert problems.found[-1].message == "this file has more than 1000 problems; from here on none is told"
    assert problems.found[-1].where.line == MOST + 1
