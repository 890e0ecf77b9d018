"""hb port shows a page, matches or nothing, and asks the network only when told to."""

from __future__ import annotations

import json

import pytest
from tests.faces import kit
from tests.faces.kit import Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.model.errors import TooSoon, Unreachable


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["port", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_a_page(app):
    status, told, _ = run("1703")
    assert status == 0
    assert told.startswith("1703  hb-engine (tcp, udp)\n")
    assert [name for name, _, _ in app.asked] == ["page"]


def test_matches_are_found_and_nothing_is_not(app):
    app.answers["page"] = lambda text: kit.Found(text, matches=kit.PAGE_80.assignments)
    assert run("http")[0] == 0
    app.answers["page"] = lambda text: kit.Found(text, suggestions=("http",))
    status, told, _ = run("htp")
    assert status == 1
    assert "http" in told


def test_words_are_one_question(app):
    run("secure", "shell")
    assert app.asked[0][1] == ("secure shell",)


def test_pressure_is_asked_for_only_on_request(app):
    told = run("1703", "--pressure")[1]
    assert ("pressure", (1703,), {}) in app.asked
    assert "32 reports" in told
    assert kit.ATTRIBUTION in told


@pytest.mark.parametrize("error", [TooSoon("wait a little", "Try at 14:10."), Unreachable("no answer", "Try later.")])
def test_a_page_without_its_pressure_is_still_a_page(app, error):
    def refuse(port):
        raise error

    app.answers["pressure"] = refuse
    status, told, _ = run("1703", "--pressure")
    assert status == 2
    assert "hb-engine (tcp, udp)" in told
    assert f"{error.message}. {error.remedy}" in told
    status, told, err = run("1703", "--pressure", "--json")
    assert status == 2
    assert json.loads(told)["pressure"] is None
    assert error.message in err


def test_names_have_no_pressure(app):
    app.answers["page"] = lambda text: kit.Found(text, matches=kit.PAGE_80.assignments)
    assert run("http", "--pressure")[0] == 2
    assert [name for name, _, _ in app.asked] == ["page"]


def test_wide_has_every_claim_with_its_source(app):
    assert "simovits.com" not in run("1703")[1]
    assert "simovits.com" in run("1703", "-w")[1]


def test_json(app):
    told = json.loads(run("1703", "--json", "--pressure")[1])
    assert list(told)[:11] == [
        *("schema", "kind", "port", "range", "privileged", "ephemeral_here", "assignments", "threats"),
        *("pressure", "openings", "query"),
    ]
    assert len(told["pressure"]["days"]) == 21
