"""The register's cells: nothing looks better than it is, in any language."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.faces import judged
from tests.faces.kit import DAY, LOOK, NOW
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.app.ruling.baseline import Loaded
from hb_engine.app.ruling.register import Line, Register, Unapproved
from hb_engine.faces.web.decisions.registered import approval, forbidden, numbers, reach, registered, review, status
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.page import Ask
from hb_engine.model.baseline import Baseline, Rule
from hb_engine.model.record import replace

RULES = tuple(
    [
        Rule(one.kind, one.rule, (), owner=one.owner, why=one.why, where=one.where)
        for one in judged.HELD
        if one.where is not None
    ]
)
SIGHT = replace(kit.SIGHT, baseline=Loaded("hb.d", Baseline(RULES)))
HUB: Any = SimpleNamespace(registry=kit.REGISTRY, sight=SIGHT)
LINE = Line(replace(RULES[0], accepted=int(NOW - DAY)), ("tcp/443",), ("https",), "public", ("web-17",))


def ask(code="en"):
    return Ask(HUB, language(code), kit.READER, path="/", params={}, query={}, form={}, now=NOW)


def made() -> Register:
    """The register of the sight."""
    found = registered(HUB, SIGHT)
    assert found is not None
    return found


def test_it_is_made_once_for_a_sight():
    first = made()
    assert first is registered(HUB, SIGHT)
    assert len(first.unapproved) >= 3


@pytest.mark.parametrize("shown", [kit.SIGHT, Sight(1, NOW, (Machine("a", LOOK),), (), SIGHT.baseline),
                                   Sight(1, NOW, (Machine("a", LOOK, judged.QUIET, remembered=True),), (), SIGHT.baseline)])  # fmt: skip # noqa: E501
def test_without_rules_or_reports_there_is_none(shown):
    assert registered(HUB, shown) is None


def test_numbers_name_what_asks_for_a_decision():
    found = {one.label: (one.num, one.bad) for one in numbers(language("en"), made())}
    assert found["rules with an owner and a need"] == (3, False)
    assert found["openings without approval"][1]
    assert found["rules without a day of review"] == (3, True)


def test_approval():
    assert approval(ask(), LINE) == "21 Nov 2026, by team-web"
    assert approval(ask(), replace(LINE, rule=replace(LINE.rule, owner="", accepted=None))) == "no date, by nobody"
    assert approval(ask(), replace(LINE, rule=replace(LINE.rule, owner="", pack="debian"))).endswith("pack debian")


def test_review():
    assert review(ask(), LINE, NOW) == "no day is set"
    assert (
        review(ask(), replace(LINE, due=int(NOW - 3 * DAY), is_overdue=True), NOW) == "19 Nov 2026, overdue by 3 days"
    )
    assert review(ask(), replace(LINE, due=int(NOW + 300 * DAY)), NOW).endswith("later than six months from now")
    assert review(ask(), replace(LINE, due=int(NOW + 30 * DAY)), NOW) == "22 Dec 2026"


def test_reach():
    assert reach(ask(), LINE) == "every address"
    assert reach(ask(), replace(LINE, rule=replace(LINE.rule, sources=("net:10.0.0.0/8",)))).endswith(
        "from net:10.0.0.0/8"
    )
    assert forbidden(ask(), replace(LINE, reach="loopback")) == "anywhere"
    assert forbidden(ask(), replace(LINE, reach="private")) == "private networks and wider"


@pytest.mark.parametrize("code", CODES)
def test_in_every_language(code):
    assert len(numbers(language(code), made())) == 9
    assert "team-web" in approval(ask(code), LINE)
    assert status(ask(code), Unapproved("web-17", judged.NEW))
    assert status(ask(code), Unapproved("web-17", replace(judged.NEW, state="never-heard-of")))
