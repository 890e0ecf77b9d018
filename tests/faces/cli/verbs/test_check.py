"""hb check: words into a question, the answer into a page, a document or an exit status."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest
from tests.faces.kit import Full, Pipe, Terminal, output
from tests.faces.reports import ALL, DEBT, NEW, UNSEEN, drift, fleet, report

from hb_engine.faces.cli.main import main
from hb_engine.faces.export import reports as formats
from hb_engine.model.errors import BadInput, CannotLook
from hb_engine.model.record import record


@record
class Wanted:
    """What app.check is asked."""

    files: tuple[str, ...] = ()
    baseline: str = ""
    packs: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    ask: bool = True
    hidden: bool = True


class Checks:
    """app.check as the verb sees it: it answers `reports`, or raises `error`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.reports: tuple[object, ...] = (report(),)
        self.error: Exception | None = None
        self.asked: list[Wanted] = []
        self.told: list[tuple[str, int, int]] = [("asking", 1, 3), ("asking", 3, 3)]

    def check(self, wanted, tell):
        """A check."""
        self.asked.append(wanted)
        for each in self.told:
            tell(*each)
        if self.error:
            raise self.error
        return self.reports


@pytest.fixture
def checks(monkeypatch):
    fake, module = Checks(), ModuleType("hb_engine.app.ruling.check")
    vars(module).update(check=fake.check, Wanted=Wanted)
    monkeypatch.setitem(sys.modules, "hb_engine.app.ruling.check", module)
    return fake


def run(*line, stdout=None, stderr=None, **more):
    stdout, stderr = stdout or Pipe(), stderr or Pipe()
    status = main(["check", *line], output(stdout, stderr, **more))
    return status, stdout.getvalue(), stderr.getvalue()


def test_as_expected_is_one_line_and_0(checks):
    assert run() == (0, "web-17: 14 openings, 11 expected by 23 rules, no drift\n", "")
    assert checks.asked == [Wanted()]


def test_words_become_a_question(checks):
    line = [
        "a.json",
        "b.json",
        "--baseline",
        "rules",
        "--pack",
        "debian,web",
        "--role",
        "db",
        "--no-ask",
        "--no-hidden",
    ]
    assert run(*line)[0] == 0
    assert checks.asked == [Wanted(("a.json", "b.json"), "rules", ("debian", "web"), ("db",), ask=False, hidden=False)]


def test_drift_is_a_page_and_1(checks):
    checks.reports = (report(*ALL),)
    status, told, _ = run()
    assert status == 1
    assert "tcp 1703" in told
    assert " ms" in told


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ([], 1),
        (["--fail-on", "high"], 1),
        (["--fail-on", "critical"], 0),
        (["--fail-on", "none"], 0),
        (["--exit", "nagios"], 2),
        (["--exit", "terraform"], 2),
        (["--exit", "nagios", "--fail-on", "critical"], 0),
        (["--exit", "plain"], 1),
        (["--json", "--fail-on", "none"], 0),
        (["--format", "sarif"], 1),
        (["--format", "nagios"], 2),
        (["--format", "nagios", "--exit", "plain"], 1),
    ],
)
def test_the_exit_status_is_in_the_words_of_who_asks(checks, line, status):
    checks.reports = (report(drift("high"), DEBT),)
    assert run(*line)[0] == status


@pytest.mark.parametrize(("style", "status"), [("plain", 2), ("nagios", 3), ("terraform", 1)])
def test_what_could_not_be_seen_is_not_as_expected(checks, style, status):
    checks.reports = (report(UNSEEN),)
    assert run("--exit", style)[0] == status


@pytest.mark.parametrize(("style", "status"), [("plain", 2), ("nagios", 3), ("terraform", 1)])
@pytest.mark.parametrize("error", [BadInput("no rules", "Begin."), CannotLook("no rights", "Be root.")])
def test_trouble_has_its_own_status_and_says_what_to_do(checks, style, status, error):
    checks.error = error
    found, told, remarks = run("--exit", style)
    assert (found, told) == (status, "")
    assert error.message in remarks
    assert error.remedy in remarks


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (["--bogus"], 2),
        (["--exit", "nagios", "--bogus"], 3),
        (["--exit=terraform", "--bogus"], 1),
        (["--bogus", "--exit", "terraform"], 1),
        (["--exit", "sideways"], 2),
        (["--exit"], 2),
        (["--format", "nagios", "--bogus"], 3),
        (["--format=nagios", "--bogus"], 3),
        (["--format", "sarif", "--bogus"], 2),
    ],
)
def test_a_line_that_is_no_question_has_the_status_of_trouble(checks, line, status):
    found, told, remarks = run(*line)
    assert (found, told) == (status, "")
    assert remarks.startswith("hb: ")


@pytest.mark.parametrize(("style", "status"), [("plain", 2), ("nagios", 3), ("terraform", 1)])
def test_where_no_machine_was_seen_nothing_is_as_expected(checks, style, status):
    checks.reports = ()
    found, told, remarks = run("down.xml", "--exit", style)
    assert (found, told) == (status, "")
    assert remarks.startswith("hb: no machine was seen in these files, so nothing was checked")


def test_a_plugin_answers_in_trouble_too(checks):
    checks.error = BadInput("no rules | of\nmine", "Begin.")
    found, told, remarks = run("--exit", "nagios", "--format", "nagios")
    assert (found, told) == (3, "HB UNKNOWN - no rules / of\\nmine\n")
    assert "no rules" in remarks


def test_trouble_is_a_document_too_where_json_was_asked_for(checks):
    checks.error = BadInput("no rules", "Begin.")
    for line in (["--json"], ["--json", "--exit", "nagios"]):
        assert json.loads(run(*line)[1])["kind"] == "error"


# -- formats


def test_json_is_one_document(checks):
    checks.reports = tuple(fleet(2, NEW))
    status, told, _ = run("--json")
    assert status == 1
    assert json.loads(told)["summary"]["hosts"] == 2
    assert run("--format", "json")[1] == told


def test_ndjson_is_a_line_a_verdict(checks):
    checks.reports = (report(*ALL),)
    lines = [json.loads(line) for line in run("--format", "ndjson")[1].splitlines()]
    assert [each["kind"] for each in lines] == ["report-verdict"] * len(ALL) + ["report-end"]


def test_a_table_is_the_page(checks):
    checks.reports = (report(NEW),)
    assert "tcp 1703" in run("--format", "table")[1]


@pytest.mark.parametrize("name", formats.names())
def test_every_format_of_the_folder_can_be_asked_for(checks, name):
    checks.reports = (report(*ALL), report(NEW))
    status, told, remarks = run("--format", name)
    assert (status, remarks) == (2 if name == "nagios" else 1, "")  # a monitor's own: critical
    assert told
    assert run("--format", name)[1] == told


def test_a_format_that_there_is_not(checks):
    status, _, remarks = run("--format", "sarf")
    assert status == 2
    assert "Did you mean sarif?" in remarks
    assert "table, json, ndjson" in run("--format", "zzz")[2]
    assert checks.asked == []


def test_two_formats_at_once(checks):
    assert run("--json", "--format", "sarif")[0] == 2
    assert checks.asked == []


# -- where it goes


@pytest.mark.parametrize("line", [[], ["--json"], ["--format", "junit"]])
def test_a_file_instead_of_stdout(checks, tmp_path, line):
    checks.reports = (report(NEW),)
    path = tmp_path / "found"
    status, told, _ = run(*line, "-o", str(path))
    assert (status, told) == (1, "")
    assert "1703" in path.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["found"]


def test_a_dash_is_stdout(checks):
    checks.reports = (report(NEW),)
    assert "1703" in run("-o", "-")[1]
    assert "1703" in run("--json", "-o", "-")[1]


def test_a_file_that_cannot_be_made_is_told_before_anything_is_looked_at(checks, tmp_path):
    assert run("-o", str(tmp_path / "no" / "where"))[0] == 2
    assert run("-o", str(tmp_path))[0] == 2
    assert checks.asked == []


def test_a_file_stays_as_it_was_where_the_check_fails(checks, tmp_path):
    checks.error = CannotLook("no rights", "Be root.")
    path = tmp_path / "found"
    path.write_text("before")
    assert run("-o", str(path))[0] == 2
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["found"]


def test_a_full_disk_is_trouble(checks):
    assert run(stdout=Full())[0] == 2


# -- on a terminal


def test_a_terminal_gets_one_screen(checks):
    checks.reports = (report(*[drift("medium")] * 3, *ALL),)
    stdout = Terminal()
    run(stdout=stdout, size=(80, 16))
    assert stdout.getvalue().count("\n") <= 15
    assert "\x1b[1;31mcritical\x1b[m" in stdout.getvalue()


def test_with_all_a_terminal_gets_everything(checks):
    checks.reports = (report(*ALL),)
    stdout = Terminal()
    run("--all", stdout=stdout, size=(80, 12))
    assert stdout.getvalue().count("\n") > 11


def test_slow_work_is_told_on_a_terminal_and_taken_away(checks):
    remarks = Terminal()
    run(stderr=remarks)
    assert "asking 1 of 3" in remarks.getvalue()
    assert remarks.getvalue().endswith("\r")
    assert run()[2] == ""


def test_help_says_the_exit_statuses(checks):
    status, told, _ = run("--help")
    assert status == 0
    assert "0 as expected, 1 drift, 2 trouble" in " ".join(told.split())
    assert checks.asked == []
