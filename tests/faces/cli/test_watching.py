"""Events become a bar, lines, and what is known when a scan is stopped."""

from __future__ import annotations

import json
import sys

import pytest
from tests.faces import scans
from tests.faces.kit import Pipe, Terminal, output
from tests.faces.recipe import Recipe

import hb_engine.app.scanning
from hb_engine.faces.cli.watching import Watching
from hb_engine.model.record import replace


@pytest.fixture
def recipe(monkeypatch):
    fake = Recipe()
    monkeypatch.setitem(sys.modules, "hb_engine.app.scanning.scan", fake)
    monkeypatch.setattr(hb_engine.app.scanning, "scan", fake, raising=False)
    return fake


def test_the_bar_is_drawn_and_taken_away(recipe):
    stderr = Terminal()
    watching = Watching(output(Pipe(), stderr, size=(120, 24)))
    watching(recipe.Progress("ports", 500, 1000, 3, 1.0, 2.0))
    assert "50% ports  500 of 1,000, 3 open, 2 s left" in stderr.getvalue()
    watching.clear()
    assert stderr.getvalue().split("\r")[-2].strip() == ""


def test_nothing_is_drawn_in_a_log(recipe):
    stderr = Pipe()
    watching = Watching(output(Pipe(), stderr))
    watching(recipe.Progress("ports", 500, 1000, 3, 1.0, 2.0))
    assert stderr.getvalue() == ""


def test_lines_are_written_as_things_are_known_and_the_bar_gives_way(recipe):
    both = Terminal()
    watching = Watching(output(both, both), lines=True)
    watching.begin(("hb", "scan"))
    watching(recipe.Progress("ports", 1, 2, 0, 1.0, None))
    watching(recipe.Found("10.0.0.5", scans.SSH))
    line = both.getvalue().rpartition("\r")[2]
    assert json.loads(line)["kind"] == "scan-port"


def test_what_is_known_when_it_is_stopped(recipe):
    times = iter([100.0, 100.0, 107.0])
    watching = Watching(output(), clock=lambda: next(times))
    watching.begin(("hb", "scan"))
    watching(recipe.Done(scans.NOTHING))
    watching(recipe.Found("10.0.0.5", replace(scans.SSH, identity=None)))
    watching(recipe.Found("10.0.0.5", scans.SSH))
    watching(recipe.Found("10.0.0.7", scans.SSH))
    watching(recipe.Done(replace(scans.NOTHING, address="10.0.0.7")))
    seen = watching.so_far(("hb", "scan"))
    assert (seen.complete, seen.stats.seconds, seen.asked) == (False, 7.0, ("hb", "scan"))
    assert [host.address for host in seen.hosts] == ["10.0.0.7", "10.0.0.5"]
    assert seen.hosts[1].answers == (scans.SSH,)


def test_events_that_nobody_knows_are_passed_over(recipe):
    Watching(output())(object())
