"""The rules of the baseline with what they cover, and the register."""

from __future__ import annotations

import json

import pytest
from tests.faces.deciding import BASELINE
from tests.faces.web.api import asking
from tests.faces.web.kit import REGISTRY

from hb_engine import __version__
from hb_engine.app.ruling.register import register
from hb_engine.faces.export.deciding_json import rule
from hb_engine.faces.export.register import json as writing


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


def test_all_rules_by_id(browser):
    found, _ = asking.every(browser, "/rules", limit=2)
    assert [one["id"] for one in found] == sorted([one.id for one in BASELINE.rules])
    theirs = {one.id: json.loads(json.dumps(rule(one))) for one in BASELINE.rules}
    for one in found:
        one.pop("machines")
        one.pop("covers")
        assert one == theirs[one["id"]]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ({"kind": "forbid"}, ["no-telnet"]),
        ({"q": "SHOP"}, ["web-https"]),
        ({"q": "tcp/6379 alice"}, ["old"]),
        ({"q": "a", "used": "false", "kind": "allow"}, ["cache", "old"]),
        ({"q": "zzz"}, []),
    ],
)
def test_filters(browser, words, ids):
    assert [one["id"] for one in browser.get("/api/v1/rules", params=words).json()["items"]] == ids


def test_the_register_is_that_of_the_command_line(browser):
    def names(transport, port):
        return tuple([one.name for one in REGISTRY.short(transport, port) if one.name])

    reports = [one.report for one in asking.SIGHT.machines if one.report]
    made = register(reports, BASELINE, asking.SIGHT.taken_at, names)
    assert browser.get("/api/v1/register").text == writing.write(made, __version__)
