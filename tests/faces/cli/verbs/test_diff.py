"""hb diff on the command line: exit statuses as diff(1), a page for people, a document for programs."""

from __future__ import annotations

import json

import pytest
from tests.app.looking.test_diff import REDIS, WEB, WIDE, seen
from tests.faces.kit import Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.faces.export.documents import inventory as written


class Done:
    """One run: what it wrote, and how it ended."""

    def __init__(self, *line: str) -> None:
        out, err = Pipe(), Pipe()
        self.status = main(list(line), output(out, err))
        self.stdout, self.stderr = out.getvalue(), err.getvalue()


def run_hb(*line: str) -> Done:
    return Done(*line)


@pytest.fixture
def files(tmp_path):
    for name, look in (("a", seen(WEB, REDIS)), ("b", seen(WEB, WIDE)), ("c", seen(WIDE, name="web-2"))):
        (tmp_path / f"{name}.json").write_text(written(look))
    return [str(tmp_path / f"{name}.json") for name in "abc"]


def test_nothing_differs(files):
    done = run_hb("diff", files[0], files[0])
    assert done.status == 0
    assert "web-1 · no difference" in done.stdout


def test_a_difference_is_one_line(files):
    done = run_hb("diff", files[0], files[1])
    assert done.status == 1
    assert "widened" in done.stdout
    assert "this machine → everyone" in done.stdout
    assert done.stdout.count("6379") == 1


def test_two_machines(files):
    done = run_hb("diff", files[1], files[2])
    assert done.status == 1
    assert "web-1 → web-2" in done.stdout
    assert "closed" in done.stdout


def test_a_document(files):
    done = run_hb("diff", files[0], files[1], "--json")
    document = json.loads(done.stdout)
    assert (done.status, document["kind"]) == (1, "diff")
    (machine,) = document["machines"]
    assert [change["change"] for change in machine["changes"]] == ["widened"]
    assert machine["changes"][0]["previous"]["scope"] == "loopback"
    assert machine["unseen"] == []


def test_mistakes(files):
    assert run_hb("diff", files[0]).status == 2
    done = run_hb("diff", files[0], files[0] + ".none")
    assert done.status == 2
    assert "cannot be read" in done.stderr
