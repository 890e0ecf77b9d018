"""hb history reads a port, a name or nothing, and asks history for just that."""

from __future__ import annotations

import json

import pytest
from tests.faces import past
from tests.faces.kit import NOW, Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.model.record import replace


@pytest.fixture
def history(monkeypatch):
    return past.History(monkeypatch)


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["history", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_alone_it_tells_the_changes_of_a_week(history):
    status, told, _ = run()
    assert status == 0
    assert "6 changes since" in told
    assert history.asked == [("changes", (NOW - 7 * 86400, ""), {})]


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (["6379"], ("", 6379, "", 0.0)),
        (["tcp/6379"], ("tcp", 6379, "", 0.0)),
        (["UDP/53", "--since", "30d"], ("udp", 53, "", NOW - 30 * 86400)),
        (["packet"], ("packet", None, "", 0.0)),
        (["vsock/4294967295"], ("vsock", 4294967295, "", 0.0)),
        (["nginx", "--host", "db-1"], ("", None, "db-1", 0.0)),
        (["tcp/x"], ("", None, "", 0.0)),
        (["6379", "redis"], ("", None, "", 0.0)),
    ],
)
def test_what_is_asked(history, line, asked):
    run(*line)
    assert history.asked == [("spans", asked, {})]


def test_names_are_searched(history):
    status, told, _ = run("redis")
    assert status == 0
    assert "redis: 2 times seen open" in told
    assert "8080" not in told
    status, told, _ = run("nothing-of-this-name")
    assert status == 1
    assert "never seen open" in told


def test_what_was_never_open_is_status_1(history):
    history.answers["spans"] = lambda *_, **__: past.STORY
    assert run("9")[0] == 1
    history.answers["changes"] = lambda *_, **__: past.STORY
    assert run()[0] == 0  # that nothing changed is as expected


def test_clients_are_shown_when_they_are_asked_for(history):
    from tests.faces import kit

    from hb_engine.model.history import Change

    change = Change(NOW, "opened", kit.CLIENT)
    history.answers["changes"] = lambda *_: replace(past.STORY, changes=(change,))
    assert "40123" not in run()[1]
    assert "40123" in run("--all")[1]
    assert len(json.loads(run("--json")[1])["changes"]) == 1


def test_json(history):
    told = json.loads(run("6379", "--json")[1])
    assert (told["kind"], told["query"], len(told["spans"])) == ("history", "6379", 3)
    assert len(json.loads(run("--json", "--since", "1d")[1])["changes"]) == 6


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["65536"], "the highest port is 65535"),
        (["--since", "soon"], "is no time"),
        (["22", "--since", "2030-01-01"], "to come"),
    ],
)
def test_mistakes_are_told_before_anything_is_asked(history, line, said):
    status, told, remark = run(*line)
    assert (status, told) == (2, "")
    assert said in remark
    assert [name for name, _, _ in history.asked] == []


def test_one_machine_s_page(history):
    history.answers["spans"] = lambda *_, **__: replace(past.STORY, spans=past.SPANS[:1])
    assert "web-17 \u00b7 6379: 1 time seen open" in run("6379")[1]
