"""hb register on rules and a snapshot in a folder of the test: formats, files, and mistakes before any look."""

from __future__ import annotations

import json

import pytest
from tests.faces.kit import LOOK, Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.faces.export.documents import inventory

RULES = """\
schema = "hb/1"

[[allow]]
id = "ssh"
listen = "tcp/22 on public"
by = "pkg:openssh-server"
why = "Administration"
owner = "sre"
accepted = 2026-11-01

[[require]]
id = "web"
listen = "tcp/443 on public"
by = "unit:nginx.service"
why = "Shop | front end"
owner = "team-web"
review = 2026-11-01

[[forbid]]
id = "no-hb"
listen = "tcp/1703"
why = "Nobody needs it"
owner = "security"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    (tmp_path / "hb.d").mkdir(mode=0o700)
    (tmp_path / "hb.d" / "rules.toml").write_text(RULES)
    (tmp_path / "web.json").write_text(inventory(LOOK))
    return tmp_path


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["register", "--baseline", "hb.d", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_a_page(folder):
    status, told, err = run("web.json")
    assert (status, err) == (0, "")
    assert told.startswith("<!DOCTYPE html>")
    for part in (
        "Shop | front end",
        "team-web",
        "2026-11-01, overdue by",
        "tcp/443 public by unit:nginx.service",
        "no-hb",
    ):
        assert part in told


def test_the_end_of_the_name_says_the_format(folder):
    status, told, err = run("-o", "register.csv", "web.json")
    assert (status, told) == (0, "")
    assert err.startswith("register.csv: 2 rules, 1 machine; ")
    assert "openings without approval" in err
    text = (folder / "register.csv").read_text()
    assert text.startswith("status,rule,ports")
    assert "\nallowed,ssh,tcp/22,ssh,public" in text
    assert "\nforbidden,no-hb,tcp/1703" in text
    assert run("-o", "REGISTER.MD", "web.json")[0] == 0
    assert (folder / "REGISTER.MD").read_text().startswith("# Register of ports")
    assert run("-o", "other", "--format", "csv", "web.json")[0] == 0
    assert (folder / "other").read_text() == text


def test_a_dash_is_standard_output(folder):
    status, told, err = run("-o", "-", "--format", "csv", "web.json")
    assert (status, err, told[:7]) == (0, "", "status,")


def test_many_machines(folder):
    second = json.loads(inventory(LOOK))
    second["host"]["name"] = "web-18"
    (folder / "second.json").write_text(json.dumps(second))
    told = run("--format", "markdown", "web.json", "second.json")[1]
    assert "| `web-18` |" in told
    assert "on web-17, web-18" in told


def test_mistakes(folder):
    assert run("--format", "pdf", "web.json") == (
        2,
        "",
        "hb: there is no format 'pdf'\n    It is one of csv, html, json, markdown.\n",
    )
    status, told, err = run("-o", "no/such/folder.html", "web.json")
    assert (status, told) == (2, "")
    assert err.startswith("hb: no/such/folder.html cannot be written: No such file or directory\n")
    status, told, err = run("missing.json")
    assert (status, told) == (2, "")
    assert "missing.json" in err


def test_a_file_that_was_there_stays_where_something_fails(folder):
    (folder / "register.html").write_text("the last one")
    (folder / "hb.d" / "broken.toml").write_text("[[allow]\n")
    assert run("-o", "register.html", "web.json")[0] == 2
    assert (folder / "register.html").read_text() == "the last one"
    assert sorted(path.name for path in folder.iterdir() if "part" in path.name) == []


def test_json_is_a_format_too(folder):
    for line in (("--json",), ("--format", "json"), ("--json", "--format", "json")):
        stdout = Pipe()
        assert main(["register", *line, "web.json", "--baseline", "hb.d"], output(stdout)) == 0
        told = json.loads(stdout.getvalue())
        assert told["kind"] == "register"
        assert {one["rule"]["id"] for one in told["allowed"]} >= {"ssh"}
    errors = Pipe()
    assert main(["register", "--json", "--format", "csv", "web.json"], output(Pipe(), errors)) == 2
    assert "two formats" in errors.getvalue()
