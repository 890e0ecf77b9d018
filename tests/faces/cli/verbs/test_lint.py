"""hb lint on real folders: its page, its document, its schema, and its exit status."""

from __future__ import annotations

import json

import pytest
from tests.faces.kit import Pipe, output

from hb_engine.app import folders
from hb_engine.faces.cli.main import main

RULE = '[[allow]]\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\n'


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.setattr(folders, "system", lambda: str(tmp_path / "etc"))
    (tmp_path / ".git").mkdir()
    made = tmp_path / "hb.d"
    made.mkdir()
    return made


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["lint", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_nothing_is_wrong(folder):
    (folder / "a.toml").write_text(RULE)
    assert run() == (0, "Nothing is wrong: 1 rule in 1 file.\n", "")
    assert run("--strict")[0] == 0


def test_warnings_fail_only_where_they_should(folder):
    (folder / "a.toml").write_text(RULE + "until = 2026-01-01\n")
    status, told, _ = run()
    assert status == 0
    assert told.endswith("1 warning: 1 rule in 1 file can be used.\n")
    assert run("--strict")[0] == 1


def test_an_error_is_status_1_with_the_character(folder):
    (folder / "a.toml").write_text(RULE.replace("443", "443 on publik"))
    status, told, err = run("hb.d/a.toml")
    assert (status, err) == (1, "")
    assert told == (
        "hb.d/a.toml:2:22: error: 'publik' is no scope\n"
        '    2 | listen = "tcp/443 on publik"\n'
        "      |                      ^ Did you mean public?\n"
        "\n"
        "1 error: 0 rules in 1 file.\n"
    )
    status, told, _ = run("--json")
    assert (status, json.loads(told)["problems"][0]["column"]) == (1, 22)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("nowhere.toml",), "nowhere.toml is not there"),
        (("--baseline", "x", "hb.d"), "paths and --baseline name the same thing"),
        (("--schema", "hb.d"), "--schema prints the language's schema, and reads no files"),
        (("--baseline", "nowhere"), "nowhere is not there"),
    ],
)
def test_what_cannot_be_read_is_status_2(line, told):
    status, out, err = run(*line)
    assert (status, out) == (2, "")
    assert told in err


def test_without_a_baseline(folder):
    folder.rmdir()
    status, _, err = run()
    assert status == 2
    assert "there is no baseline" in err


def test_the_schema_for_editors():
    status, told, _ = run("--schema")
    schema = json.loads(told)
    assert status == 0
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["allow"]["items"] == {"$ref": "#/$defs/allow"}
