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
