"""hb scope on real files in folders of the test: every deed, its exit status, and mistakes before any file is read."""

from __future__ import annotations

import json

import pytest
from tests.faces.kit import Pipe, output

from hb_engine.app import folders
from hb_engine.faces.cli.main import main


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch, tmp_path):
    for name in ("CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setattr(folders, "system", lambda: str(tmp_path / "etc"))


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["scope", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_from_nothing_to_a_line_and_back():
    status, told, err = run()
    assert (status, err) == (0, "")
    assert "There is no scope file yet" in told
    assert run("check", "5.6.7.8")[0] == 1
    status, told, err = run("add", "5.6.7.0/24", "--why", "our servers", "--until", "9998-12-31")
    assert (status, err) == (0, "")
    assert told.startswith("5.6.7.0/24 may be scanned, until 9998-12-31 is over.")
    status, told, _ = run("check", "5.6.7.8")
    assert (status, told.startswith("5.6.7.8 would be scanned: our servers (")) == (0, True)
    assert run("exclude", "5.6.7.8")[1].startswith("5.6.7.8 is excluded")
    assert run("check", "5.6.7.8", "5.6.7.9")[0] == 1
    assert "our servers" in run("list")[1]
    assert run("remove", "5.6.7.0/24", "5.6.7.8")[1].count("is taken out.") == 2
    assert run("check", "5.6.7.9")[0] == 1


def test_what_was_changed_is_in_the_log():
    assert "Nothing was scanned yet" in run("log")[1]
    run("add", "5.6.7.8", "--why", "x")
    run("exclude", "5.6.7.9")
    assert run("log")[1].count("scope changed: added") == 2
    told = json.loads(run("log", "--last", "1", "--json")[1])
    assert [len(told["records"]), "exclude" in told["records"][0]["added"][0]] == [1, True]


def test_json():
    assert json.loads(run("add", "5.6.7.8", "--why", "x", "--json")[1])["kind"] == "scope-change"
    assert json.loads(run("--json")[1])["lines"][0]["what"] == "5.6.7.8"
    status, told, _ = run("check", "5.6.7.8", "8.8.8.8", "--json")
    assert (status, json.loads(told)["would_be_scanned"]) == (1, 1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["chek"], "hb: hb scope knows no 'chek'\n    Did you mean hb scope check?\n"),
        (["10.0.0.1"], "hb: hb scope knows no '10.0.0.1'\n    Did you mean hb scope check 10.0.0.1?\n"),
        (["qqqqqq"], "hb: hb scope knows no 'qqqqqq'\n    It is one of list, add, exclude, remove, check, log.\n"),
        (["list", "x"], "hb: hb scope list takes no 'x'\n    Did you mean hb scope check x?\n"),
        (["add"], "hb: hb scope add needs networks, addresses or names\n    Type hb scope add 10.0.0.0/24.\n"),
        (
            ["check", "10.0.0.1", "--why", "x"],
            "hb: --why says nothing to hb scope check\n    It is for hb scope add and exclude.\n",
        ),
        (
            ["exclude", "10.0.0.1", "--until", "2030-01-01"],
            "hb: --until says nothing to hb scope exclude\n    It is for hb scope add.\n",
        ),
        (["-n", "3"], "hb: --last says nothing to hb scope list\n    It is for hb scope log.\n"),
        (["add", "5.6.7.8"], "hb: an allowance has a reason\n    Say --why: who allowed it, or whose network it is.\n"),
        (
            ["check", "1.2.3"],
            (
                "hb: '1.2.3' has 3 numbers, and an IPv4 address has four\n"
                "    Type four numbers from 0 to 255, such as 10.0.0.1, or a name with letters in it.\n"
            ),
        ),
    ],
)
def test_mistakes(line, told):
    assert run(*line) == (2, "", told)


def test_half_a_file_is_trouble(tmp_path):
    folder = tmp_path / "config" / "hb-engine"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "scope.toml").write_text("scope = [\n")
    for deed in (["list"], ["check", "10.0.0.1"], ["add", "5.6.7.8", "--why", "x"], ["remove", "5.6.7.8"]):
        status, told, err = run(*deed)
        assert (status, told) == (2, "")
        assert "nothing is scanned before" in err
