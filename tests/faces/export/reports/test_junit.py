"""JUnit's XML is valid by the schema of Jenkins' reader; nothing quiet turns a build red."""

from __future__ import annotations

import os
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from tests.faces import judged
from tests.faces.kit import NOW, POSTGRES

from hb_engine.faces.export.reports import junit
from hb_engine.faces.text import escape
from hb_engine.model.record import replace

XSD = os.path.join(os.path.dirname(__file__), "junit-10.xsd")


def tree(*found):
    return ET.fromstring(junit.write(found, "1.2.3", NOW).encode())  # noqa: S314 - our own


def validated(text, tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--schema", XSD, path], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr.replace(str(path), "report").strip()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("xmllint"), reason="xmllint is not installed (package libxml2-utils)")
def test_it_is_valid_by_the_schema(tmp_path):
    for found in (
        (),
        (judged.QUIET,),
        (judged.BLIND,),
        judged.MANY,
        (judged.every(),),
        tuple(map(judged.saying, judged.AWKWARD)),
    ):
        assert validated(junit.write(found, "1.2.3", NOW), tmp_path) == (0, "report validates")
    broken = junit.write((judged.QUIET,), "1.2.3", NOW).replace(' failures="0"', "")
    assert validated(broken, tmp_path)[0] != 0  # so that the lines above can fail


@given(judged.hostile_reports)
def test_it_is_xml_whatever_is_in_it(report):
    suite = tree(report).find("testsuite")
    assert suite.get("name") == escape(report.host.name)
    case = suite.findall("testcase")[-1]
    assert case.get("name") == escape(report.verdicts[0].key)
    assert f": {escape(report.verdicts[0].reason)}" in case[0].get("message")


def test_what_holds_passes_and_what_drifts_fails():
    suite = tree(judged.DRIFTED).find("testsuite")
    cases = {
        (case.get("classname"), case.get("name")): [each.tag for each in case] for case in suite.findall("testcase")
    }
    assert cases["baseline.allow", "ssh-admin"] == ["system-out"]
    assert cases["baseline.forbid", "no-telnet"] == []
    assert ("baseline.require", "web-https") not in cases  # it has drift of its own
    assert cases["drift.gone", "tcp/public/443"] == ["failure"]
    assert cases["drift.new", judged.NEW.key] == ["failure"]
    assert cases["drift.new", POSTGRES.key] == ["skipped"]
    assert cases["drift.review-due", "ssh-admin"] == ["skipped"]
    counts = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == [str(len(suite.findall("testcase"))), "4", "0", "5"]


def test_what_could_not_be_seen_is_an_error():
    top = tree(judged.BLIND)
    assert (top.get("errors"), top.get("failures")) == ("1", "0")
    assert top.find(".//error").get("message") == "tcp/public/8443: owners of 5 sockets could not be seen"
    gaps = [each.get("value") for each in top.iter("property") if each.get("name") == "not seen"]
    assert gaps[0] == "owners of 5 sockets: their processes are not yours to read"


def test_a_failure_says_all_that_is_known():
    text = tree(judged.DRIFTED).find(".//failure").text
    for part in (
        "/dev/shm/.x (deleted)",
        "login of alice",
        "/var/log/wtmp",
        "what to do: hb why 1703",
        "key: tcp/public/1703",
    ):
        assert part in text


def test_each_machine_is_a_suite_and_the_totals_add_up():
    top = tree(*judged.MANY)
    suites = top.findall("testsuite")
    assert [each.get("hostname") for each in suites] == ["web-17", "db-3", "web-18"]
    for name in ("tests", "failures", "errors"):
        assert int(top.get(name)) == sum(int(each.get(name)) for each in suites)
    assert suites[0].get("timestamp") == "2026-11-22T14:05:09"


def test_names_stay_from_run_to_run():
    """A dashboard follows a case by its name: no pid, time or count may stand in it."""
    later = replace(judged.NEW, reason="other", evidence=("pid 9",), causes=(), since=NOW)
    first, again = (tree(replace(judged.DRIFTED, verdicts=(each,))) for each in (judged.NEW, later))
    names = [[case.get("name") for case in each.iter("testcase")] for each in (first, again)]
    assert names[0] == names[1]


def test_a_report_without_its_rules_still_passes_something():
    assert [case.get("name") for case in tree(replace(judged.QUIET, held=())).iter("testcase")] == ["expected openings"]
