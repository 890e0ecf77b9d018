"""Words, days and commands that templates are given."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.faces import judged
from tests.faces.kit import NOW
from tests.faces.web import kit

from hb_engine.faces.web.decisions.telling import commands, day, helpers
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.page import Ask


def ask(code="en"):
    hub: Any = SimpleNamespace(sight=kit.SIGHT, clock=lambda: NOW)
    return Ask(hub, language(code), kit.READER, path="/", params={}, query={}, form={}, now=NOW)


def test_a_word_that_nobody_knows_is_shown_as_it_is():
    told = helpers(ask())
    for name in ("kind_word", "severity_word", "meaning", "remedy", "attempt_word", "changed_word", "rule_kind"):
        assert told[name]("never-heard-of") == "never-heard-of"
    assert told["attempt_mark"]("never-heard-of") == "note"


def test_debt_is_no_alarm():
    told = helpers(ask())
    assert told["mark_of"](judged.NEW) == "alarm"
    assert told["mark_of"](judged.DEBT) == "note"


@pytest.mark.parametrize("code", CODES)
def test_a_day_is_the_rules_day_wherever_it_is_read(code):
    assert "22" in day(ask(code), 1795305600.0)  # the first second of 22 November 2026, UTC
    assert day(ask(code), 1795305600.0 + 86399) == day(ask(code), 1795305600.0)


def test_what_to_type():
    assert commands("hb.d", "hb.d/web.toml", "shop: it's needed") == [
        "git -C hb.d add web.toml", "git -C hb.d commit -m 'shop: it'\\''s needed'",
    ]  # fmt: skip
    assert commands("/etc/my rules", "/etc/my rules/a b.toml", "x")[0] == "git -C '/etc/my rules' add 'a b.toml'"


@pytest.mark.parametrize("text", ["\x1b[2J", "a\nb", "\u202e"])
def test_what_cannot_be_typed_is_not_offered(text):
    assert commands(text, text, "x") == []
    assert commands("hb.d", "hb.d/x.toml", text)[1] == "git -C hb.d commit"
