"""hb alone answers in one screen."""

from __future__ import annotations

import json

import pytest
from tests.faces import kit
from tests.faces.kit import Pipe, Terminal, output

from hb_engine.faces.cli.main import main
from hb_engine.faces.text import width


def run(*line, stdout=None, **more):
    stdout = stdout or Pipe()
    status = main(list(line), output(stdout, **more))
    return status, stdout.getvalue()


def test_it_looks_once_and_answers(app):
    status, told = run()
    assert status == 0
    assert told.startswith("web-17")
    assert [name for name, _, _ in app.asked] == ["look"]


def crowd():
    from hb_engine.model.record import replace

    more = tuple(kit.opening(10_000 + n, kit.service(f"svc{n}", n + 2, f"/usr/bin/svc{n}", "svc")) for n in range(80))
    return replace(kit.LOOK, openings=(*kit.LOOK.openings, *more))


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (120, 40), (100, 12), (200, 60)])
@pytest.mark.parametrize(
    "look", [kit.LOOK, kit.unprivileged(), kit.QUIET, crowd()], ids=["busy", "nobody", "quiet", "crowd"]
)
def test_it_is_at_most_a_screen(app, look, size):
    app.answers["look"] = lambda *_, **__: look
    told = run(stdout=Terminal(), size=size, NO_COLOR="1")[1]
    if size[1] >= 24:
        assert told.count("\n") < size[1]
    assert all(width(each) <= size[0] for each in told.split("\n"))


def test_what_is_left_out_is_counted(app):
    app.answers["look"] = lambda *_, **__: crowd()
    told = run(stdout=Terminal(), size=(100, 24), NO_COLOR="1")[1]
    assert "open to everyone, 1 on private nets: nothing odd" in told.replace(
        "1 on this machine only, 1 on this link, ", ""
    ) or ("nothing odd" in told)
    assert "hb ls" in told


def test_json_is_the_inventory(app):
    told = json.loads(run("--json")[1])
    assert told["kind"] == "inventory"
    assert len(told["openings"]) == len(kit.LOOK.openings)


# -- since yesterday


def test_what_changed_since_yesterday_stands_above_the_next_command(app, monkeypatch):
    from tests.faces import past

    history = past.History(monkeypatch)
    told = run()[1].split("\n")
    (at,) = [place for place, line in enumerate(told) if line.startswith(" since yesterday")]
    assert "+ tcp 1703" in told[at]
    assert "tcp 6379 this machine \u2192 everyone" in told[at]
    assert told[at + 1].startswith(" next")
    assert history.asked == [("news", (kit.NOW - 86400,), {})]


def test_nothing_is_said_where_nothing_changed(app, monkeypatch):
    from tests.faces import past

    from hb_engine.model.history import News

    history = past.History(monkeypatch)
    history.answers["news"] = lambda *_: News(kit.NOW, (), frozenset([one.key for one in kit.LOOK.openings]))
    assert "since" not in run()[1]
    assert len(history.asked) == 1


def test_a_person_is_told_once_that_nobody_keeps_looks(app, monkeypatch):
    from tests.faces import past

    history = past.History(monkeypatch)
    history.answers.update(news=lambda *_: None, hint=lambda: True)
    assert "hb record --timer" in run(stdout=Terminal(), NO_COLOR="1")[1]
    assert "hb record" not in run()[1]  # a pipe is no person
    history.answers["hint"] = lambda: False
    assert "hb record" not in run(stdout=Terminal(), NO_COLOR="1")[1]


def test_programs_pay_nothing_for_history(app, monkeypatch):
    from tests.faces import past

    history = past.History(monkeypatch)
    run("--json")
    assert history.asked == []
