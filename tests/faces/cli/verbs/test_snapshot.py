"""hb snapshot writes what hb ls --json writes, into a file or to stdout."""

from __future__ import annotations

import json
import os
import sys
from types import ModuleType
from typing import Any

import pytest
from tests.faces import kit
from tests.faces.kit import Pipe, output

from hb_engine.app.looking import snapshot as real
from hb_engine.faces.cli.main import main
from hb_engine.wire.inventory_json import read


@pytest.fixture
def app(monkeypatch):
    """app.snapshot with a look by hand; its files are real."""
    fake: Any = ModuleType("hb_engine.app.looking.snapshot")
    fake.asked = []

    def take(*, identify=False):
        fake.asked.append(identify)
        spoken = {one.key: kit.ANSWER for one in kit.LOOK.openings} if identify else None
        return real.Taken(kit.LOOK, spoken)

    fake.take, fake.name, fake.write = take, real.name, real.write
    monkeypatch.setitem(sys.modules, "hb_engine.app.looking.snapshot", fake)
    import hb_engine.app.looking

    monkeypatch.setattr(hb_engine.app.looking, "snapshot", fake, raising=False)
    return fake


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["snapshot", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_a_file_by_name(app, tmp_path):
    path = str(tmp_path / "a.hbsnap")
    status, told, _ = run("-o", path)
    assert (status, told) == (0, f"11 openings of web-17 in {path}\n")
    with open(path, encoding="ascii") as file:
        assert read(file.read()) == kit.LOOK
    assert app.asked == [False]


def test_a_file_here_by_itself(app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run()[0] == 0
    assert os.listdir(tmp_path) == ["web-17-20261122T140511Z.hbsnap"]


def test_stdout(app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read(run("-o", "-")[1]) == kit.LOOK
    assert os.listdir(tmp_path) == []


def test_what_speaks(app):
    told = json.loads(run("-o", "-", "--identify")[1])
    assert len(told["speaks"]) == len(kit.LOOK.openings)
    assert app.asked == [True]


def test_json_tells_of_the_file(app, tmp_path):
    path = str(tmp_path / "a.hbsnap")
    told = json.loads(run("-o", path, "--json")[1])
    assert (told["kind"], told["path"], told["count"]) == ("snapshot", path, 11)


def test_what_cannot_be_written_is_told(app, tmp_path):
    status, told, remark = run("-o", str(tmp_path))
    assert (status, told) == (2, "")
    assert "is a folder" in remark
