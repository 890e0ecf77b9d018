"""hb ls of another time: by which look, and never the machine as it is now."""

from __future__ import annotations

import json

import pytest
from tests.faces import kit, past
from tests.faces.kit import NOW, Pipe, output

from hb_engine.app.remembering.history import Past
from hb_engine.faces.cli.main import main
from hb_engine.model.errors import BadInput


@pytest.fixture
def history(app, monkeypatch):
    """History by hand; looking at the machine itself is an error."""

    def refuses(*_, **__):
        raise AssertionError("hb looked at the machine of now")

    app.answers["look"] = refuses
    return past.History(monkeypatch)


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["ls", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def ports(told):
    return [each.split()[2] for each in told.split("\n")[1:] if each]


def test_what_was_open_then(history):
    status, told, remark = run("--at", "yesterday")
    assert status == 0
    assert ports(told) == ["22", "443", "6379"]
    assert "by the look of 2026-11-21 14:05; nobody looked between" in remark
    assert history.asked == [("at", (NOW - 86400, ""), {})]


@pytest.mark.parametrize(("words", "ago"), [("2d", 2 * 86400), ("-2d", 2 * 86400), ("14:00", 311), ("90m", 5400)])
def test_times(history, words, ago):
    run("--at", words, "--host", "db-1")
    assert history.asked == [("at", (NOW - ago, "db-1"), {})]


def test_filters_and_order(history):
    assert ports(run("--at", "1d", "-p", "22,6379", "-r")[1]) == ["6379", "22"]
    assert ports(run("--at", "1d", "nginx")[1]) == ["443"]
    status, told, remark = run("--at", "1d", "-p", "9")
    assert (status, told) == (0, "")
    assert "nothing matches, of 3 openings" in remark


def test_json_is_a_snapshot_of_then(history):
    from hb_engine.wire.inventory_json import read

    told = read(run("--at", "1d", "--json")[1])
    assert told == past.SEEN
    told = json.loads(run("--at", "1d", "--json", "-p", "22")[1])
    assert (told["coverage"]["partial"], len(told["openings"])) == ("filters", 1)


def test_what_is_new(history):
    status, told, remark = run("--new", "--since", "2d")
    assert (status, ports(told)) == (0, ["6379"])
    assert "New at web-17 since 2026-11-20 14:05. The last look was 2 minutes ago." in remark
    run("--new")
    assert [words for _, words, _ in history.asked] == [(NOW - 2 * 86400, ""), (NOW - 86400, "")]
    assert json.loads(run("--new", "--json")[1])["coverage"]["partial"] == "what is new since a time"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--at", "1d", "--new"], "two questions"),
        (["--since", "1d"], "--since goes with --new"),
        (["--since", "1d", "--at", "1d"], "--since goes with --new"),
        (["--at", "1d", "--identify"], "--identify asks what is open now"),
        (["--new", "-i"], "--identify asks what is open now"),
        (["--host", "db-1"], "--host goes with"),
        (["--at", "soon"], "is no time that hb understands"),
        (["--at", "2027-01-01"], "still to come"),
        (["--new", "--since", "14:30"], "still to come"),
    ],
)
def test_what_does_not_go_together_is_told_before_anything_is_asked(history, line, said):
    status, told, remark = run(*line)
    assert (status, told) == (2, "")
    assert said in remark
    assert history.asked == []


def test_no_history_is_told(history):
    def none(*_, **__):
        raise BadInput("there is no history yet", "hb record keeps a look")

    history.answers["at"] = none
    status, _, remark = run("--at", "1d")
    assert status == 2
    assert "there is no history yet" in remark


def test_clients_are_left_out_and_counted(history, monkeypatch):
    from hb_engine.model.record import replace

    seen = replace(past.SEEN, openings=(kit.SSH, kit.CLIENT))
    history.answers["at"] = lambda *_: Past(seen, replace(past.MOMENT, openings=seen.openings))
    _, told, remark = run("--at", "1d")
    assert ports(told) == ["22"]
    assert "1 client or idle socket not shown" in remark
    assert ports(run("--at", "1d", "--all")[1]) == ["22", "40123"]
