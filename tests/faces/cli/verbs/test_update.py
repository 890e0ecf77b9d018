"""hb update says what changed, and keeps its progress to terminals."""

from __future__ import annotations

import json

from tests.faces import kit
from tests.faces.kit import Pipe, Terminal, output

from hb_engine.faces.cli.main import main
from hb_engine.model.errors import DataError


def run(*line, stderr=None):
    stdout, stderr = Pipe(), stderr or Pipe()
    status = main(["update", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_what_changed(app):
    status, told, err = run()
    assert (status, err) == (0, "")
    assert "340 rows added, 2 removed, 17 changed" in told


def noisy(progress):
    for done in (0, 4096, 8192):
        progress(done, 1_200_000)
    return kit.updated("unchanged")


def test_a_bar_on_a_terminal_that_is_taken_away_and_nothing_in_a_log(app):
    app.answers["update"] = noisy
    shown = run(stderr=Terminal())[2].split("\r")
    assert shown[1] == f"[{'.' * 30}]   0% 0 KiB"
    assert shown[-3].endswith("1% 8 KiB")
    assert (shown[-2].strip(), shown[-1]) == ("", "")
    assert run()[2] == ""


def test_without_an_announced_size_the_bar_counts(app):
    def untold(progress):
        progress(2048, None)
        return kit.updated("unchanged")

    app.answers["update"] = untold
    assert run(stderr=Terminal())[2].split("\r")[1] == "2 KiB"


def test_json(app):
    told = json.loads(run("--json")[1])
    assert (told["kind"], told["state"], told["added"]) == ("update", "updated", 340)


def test_a_failure_is_trouble(app):
    def refuse(progress):
        raise DataError("the table has shrunk", "The data from before is kept.")

    app.answers["update"] = refuse
    assert run() == (2, "", "hb: the table has shrunk\n    The data from before is kept.\n")
