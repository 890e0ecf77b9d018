"""hb scan: words become a request, a large plan is confirmed, what was found goes where it was asked to."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from xml.etree import ElementTree as ET

import pytest
from tests.faces import scans
from tests.faces.kit import Pipe, Terminal, output
from tests.faces.recipe import Planned, Recipe

import hb_engine.app.scanning
from hb_engine.faces.cli.main import main
from hb_engine.model.errors import CannotLook, DataError
from hb_engine.model.record import replace


@pytest.fixture
def recipe(monkeypatch):
    fake = Recipe()
    monkeypatch.setitem(sys.modules, "hb_engine.app.scanning.scan", fake)
    monkeypatch.setattr(hb_engine.app.scanning, "scan", fake, raising=False)
    return fake


def run(*line, stdout=None, stderr=None):
    stdout, stderr = stdout or Pipe(), stderr or Pipe()
    status = main(["scan", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


# -- the request


def test_the_least_that_can_be_asked(recipe):
    status, told, err = run("10.0.0.5")
    assert (status, err) == (1, "")
    assert told.startswith("10.0.0.5 \u00b7 web-17.example")
    assert recipe.asked == [recipe.Request(targets=("10.0.0.5",), words=("hb", "scan", "10.0.0.5"))]


def test_everything_that_can_be_asked(recipe):
    run(
        *(
            "10.0.0.0/24",
            "web-17",
            "-p",
            "22,ssh",
            "-u",
            "53",
            "--file",
            "a,b",
            "--exclude",
            "10.0.0.1",
            "-4",
            "--engine",
            "connect",
        ),
        *(
            "--no-identify",
            "--ask",
            "modbus,s7comm",
            "--nmap-probes",
            "/p",
            "--recog",
            "/r",
            "--rate",
            "500",
            "--gentle",
        ),
        *("--tries", "2", "--shard", "2/8", "--resume", "part", "--yes", "--compare", "--every-host"),
    )
    assert recipe.asked == [
        recipe.Request(
            targets=("10.0.0.0/24", "web-17"), files=("a", "b"), exclude=("10.0.0.1",), ports="22,ssh", udp="53",
            engine="connect", identify=False, rate=500, gentle=True, shard=(2, 8), resume="part", yes=True,
            compare=True,
            nmap_probes="/p", recog="/r", allow=("modbus", "s7comm"), tries=2, family=4, every_host=True,
            words=("hb", "scan", "10.0.0.0/24", "web-17"),
        )
    ]  # fmt: skip


def test_short_forms(recipe):
    run("::1", "-6", "--top", "50")
    assert (recipe.asked[0].family, recipe.asked[0].ports) == (6, "top:50")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ((), "needs TARGET"),
        (("x", "-46"), "-4 and -6 leave nothing"),
        (("x", "--top", "5", "-p", "1"), "--ports and --top both"),
        (("x", "--shard", "9/8"), "no part 9 of 8"),
        (("x", "--shard", "half"), "is no part of a scan"),
        (("x", "--json", "--ndjson"), "--json and --ndjson cannot both"),
        (("x", "--json", "--xml", "-"), "--json and --xml cannot both"),
        (("x", "--csv", "-", "--xml", "-"), "cannot both go to stdout"),
        (("x", "--from", "f"), "--from reads a scan"),
        (("--from", "f", "-p", "1"), "--from reads a scan"),
        (("x", "--engine", "magic"), "--engine cannot be"),
        (("x", "--rate", "0"), "--rate cannot be 0"),
        (("x", "--xml", "/no/such/folder/x"), "cannot be written"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_sent(recipe, line, what):
    recipe.run = lambda *_, **__: pytest.fail("it was sent")
    status, _, err = run(*line)
    assert status == 2
    assert what in err


def test_what_the_recipe_refuses_is_trouble(recipe):
    def refuse(request):
        raise CannotLook("10.0.0.5 is not in the scope", "Add it: hb scope add 10.0.0.5.")

    recipe.plan = refuse
    assert run("10.0.0.5") == (2, "", "hb: 10.0.0.5 is not in the scope\n    Add it: hb scope add 10.0.0.5.\n")


# -- consent


LARGE = Planned(True, ("1,000 TCP ports of 256 hosts: 256,000 questions", "256,000 are more than 100,000"))


def test_a_large_scan_is_refused_where_nobody_can_be_asked(recipe):
    recipe.made = LARGE
    recipe.run = lambda *_, **__: pytest.fail("it was sent")
    status, told, err = run("10.0.0.0/24")
    assert (status, told) == (2, "")
    assert "1,000 TCP ports of 256 hosts" in err
    assert "256,000 are more" in err
    assert "--yes" in err


def test_yes_on_the_line_asks_nobody(recipe):
    recipe.made = LARGE
    status, _, err = run("10.0.0.0/24", "--yes")
    assert (status, err) == (1, "")


class Keyboard(Terminal):
    """A terminal that somebody types at."""


@pytest.mark.parametrize(("typed", "status"), [("y\n", 1), ("YES\n", 1), ("n\n", 2), ("\n", 2), ("", 2)])
def test_a_person_is_asked(recipe, monkeypatch, typed, status):
    recipe.made = LARGE
    monkeypatch.setattr(sys, "stdin", Keyboard(typed))
    found, _, err = run("10.0.0.0/24", stderr=Terminal())
    assert found == status
    assert "Scan? [y/N] " in err
    assert ("nothing was asked" in err) == (status == 2)


# -- what is told


def test_quiet_is_status_0_and_a_gap_is_1(recipe):
    recipe.seen = scans.QUIET
    assert run("10.0.0.5")[0] == 0
    recipe.seen = replace(scans.QUIET, gaps=(scans.GAP,))
    assert run("10.0.0.5")[0] == 1


def test_json(recipe):
    status, told, _ = run("10.0.0.5", "--json")
    document = json.loads(told)
    assert (status, document["kind"], document["compared"]) == (1, "scan", None)


def test_lines_while_it_runs_and_no_page(recipe):
    told = [json.loads(line) for line in run("10.0.0.5", "--ndjson")[1].splitlines()]
    kinds = [each["kind"] for each in told]
    assert kinds == ["scan-start", *["scan-port"] * len(scans.HOST.answers), "scan-host", "scan-end"]


def test_files_besides_the_page(recipe, tmp_path):
    xml, table = str(tmp_path / "scan.xml"), str(tmp_path / "scan.csv")
    status, told, _ = run("10.0.0.5", "--xml", xml, "--csv", table)
    assert status == 1
    assert told.startswith("10.0.0.5")
    assert ET.parse(xml).getroot().tag == "nmaprun"  # noqa: S314 - our own
    with open(table, encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(scans.HOST.answers)
    assert sorted(os.listdir(tmp_path)) == ["scan.csv", "scan.xml"]


@pytest.mark.parametrize("name", ["xml", "csv"])
def test_a_dash_takes_the_page_s_place(recipe, name):
    told = run("10.0.0.5", f"--{name}", "-")[1]
    if name == "xml":
        assert ET.fromstring(told.encode()).tag == "nmaprun"  # noqa: S314 - our own
    else:
        assert len(list(csv.DictReader(io.StringIO(told)))) == len(scans.HOST.answers)


def test_a_scan_that_fails_leaves_no_file(recipe, tmp_path):
    recipe.raises = CannotLook("the interface went down")
    assert run("10.0.0.5", "--xml", str(tmp_path / "scan.xml"))[0] == 2
    assert os.listdir(tmp_path) == []


def test_both_sides(recipe):
    recipe.seen = scans.QUIET
    status, told, _ = run("10.0.0.5", "--compare")
    assert (status, "3 ports compared, 2 seen differently" in told) == (1, True)
    assert [each["port"] for each in json.loads(run("10.0.0.5", "--compare", "--json")[1])["compared"]] == [
        22,
        5432,
        1703,
    ]
    recipe.both = scans.BOTH[:1]
    assert run("10.0.0.5", "--compare")[0] == 0


def test_what_another_machine_saw_is_held_against_the_inside_of_this_one(recipe):
    recipe.seen = scans.QUIET
    document = json.loads(run("--from", "seen.json", "--compare", "--json")[1])
    assert [each["port"] for each in document["compared"]] == [22, 5432, 1703]
    assert json.loads(run("--from", "seen.json", "--json")[1])["compared"] is None


# -- Ctrl-C


def test_ctrl_c_shows_what_is_known(recipe):
    recipe.raises = KeyboardInterrupt()
    recipe.events = recipe.events[:3]
    status, told, err = run("10.0.0.5")
    assert status == 130
    assert told.startswith("10.0.0.5 \u00b7 1 open of 2")
    assert "--resume FILE" in err


def test_a_recipe_that_was_stopped_itself(recipe, tmp_path):
    recipe.seen = scans.CUT
    status, told, err = run("10.0.0.5", "--resume", "kept", "--xml", str(tmp_path / "x.xml"), "--compare")
    assert (status, "compared" in told) == (130, False)
    assert "hb scan --resume kept" in err
    assert os.listdir(tmp_path) == ["x.xml"]


def test_ctrl_c_ends_the_lines_too(recipe):
    recipe.raises = KeyboardInterrupt()
    last = json.loads(run("10.0.0.5", "--ndjson")[1].splitlines()[-1])
    assert (last["kind"], last["complete"]) == ("scan-end", False)


# -- what others wrote


def test_results_of_others(recipe, tmp_path):
    recipe.seen = replace(scans.ONE, scanner="nmap")
    status, told, _ = run("--from", "scan.xml", "--csv", str(tmp_path / "x.csv"))
    assert (status, recipe.files, recipe.asked) == (1, ["scan.xml"], [])
    assert "as nmap saw it" in told
    assert os.listdir(tmp_path) == ["x.csv"]


def test_results_of_others_as_lines(recipe):
    told = [json.loads(line) for line in run("--from", "-", "--ndjson")[1].splitlines()]
    assert (told[0]["kind"], told[-1]["kind"], recipe.files) == ("scan-start", "scan-end", ["/dev/stdin"])


def test_an_incomplete_file_is_no_interruption(recipe):
    recipe.seen = scans.CUT
    assert run("--from", "scan.xml")[0] == 1


def test_a_broken_file_is_trouble(recipe):
    def broken(path):
        raise DataError("line 3: is not an address", "Scan again.")

    recipe.read = broken
    assert run("--from", "x")[0] == 2


def test_help_needs_no_recipe(recipe):
    del sys.modules["hb_engine.app.scanning.scan"]
    status, told, _ = run("--help")
    assert status == 0
    assert "--ndjson" in told
