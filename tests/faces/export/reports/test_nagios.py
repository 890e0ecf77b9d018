"""The plugin's answer: one status line, data that parses, long text in bounds, no stranger's bar or line end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from tests.faces import judged
from tests.faces.kit import NOW, is_safe

from hb_engine.faces import exits
from hb_engine.faces.export.reports import nagios
from hb_engine.model.record import replace
from hb_engine.model.verdict import SEVERITIES

LABEL = re.compile(r"^[a-z_]+=-?\d+s?(;-?\d*){0,4}$")


def answer(*found):
    text = nagios.write(found, "1.2.3", NOW)
    first, _, long_text = text.partition("\n")
    shown, _, data = first.partition(" | ")
    return shown, data, long_text


@pytest.mark.parametrize(
    ("found", "status", "shown"),
    [
        ([judged.QUIET], 0, "HB OK - 3 openings as expected"),
        ([judged.DEBTS], 0, "HB OK - no drift: 4 openings, 3 expected by rules, 1 not decided yet"),
        ([judged.QUIET, judged.QUIET], 0, "HB OK - 6 openings on 2 machines as expected"),
        (
            [judged.OTHER],
            1,
            (
                "HB WARNING - 1 difference, the worst: medium widened: tcp 6379: "
                "reaches everyone, and cache allows loopback"
            ),
        ),
        (
            [judged.DRIFTED],
            2,
            "HB CRITICAL - 4 differences, the worst: critical new: tcp 1703: open to everyone, and no rule is about it",
        ),
        ([judged.BLIND], 3, "HB UNKNOWN - 3 openings, no drift, and 1 thing could not be seen"),
        ([], 3, "HB UNKNOWN - nothing was checked"),
    ],
    ids=["quiet", "debt", "two", "warning", "critical", "unknown", "none"],
)
def test_status_and_its_line(found, status, shown):
    assert nagios.status(found) == status
    assert answer(*found)[0] == shown


def test_drift_of_low_severity_is_a_warning():
    assert nagios.status([replace(judged.DRIFTED, verdicts=(judged.EXPIRED,))]) == 1
    assert nagios.status([replace(judged.DRIFTED, verdicts=(judged.DEBT, judged.MUTED, judged.ACCEPTED))]) == 0


@pytest.mark.parametrize("fail_on", SEVERITIES)
def test_the_word_is_that_of_the_exit_status(fail_on):
    for found in (
        [judged.QUIET],
        [judged.DRIFTED],
        [judged.OTHER],
        [judged.BLIND],
        [judged.OTHER, judged.BLIND],
        judged.MANY,
    ):
        word = nagios.write(found, "1.2.3", NOW, fail_on).split(" ")[1]
        assert nagios.WORDS.index(word) == exits.status(found, fail_on, "nagios")


def test_drift_that_does_not_count_is_told():
    told = nagios.write([judged.OTHER], "1.2.3", NOW, "high")
    assert told.startswith("HB OK - 1 difference, none of them high or worse, the worst: medium widened: ")
    assert nagios.write([judged.OTHER], "1.2.3", NOW, "none").startswith(
        "HB OK - 1 difference, which do not count, the "
    )


def test_the_data():
    data = dict(part.split("=") for part in answer(*judged.MANY)[1].split(" "))
    assert data["drift"] == "5;0;;0"
    assert data["drift_high"] == "3;;0;0"
    assert (data["debt"], data["openings"], data["expected"]) == ("1;;;0", "19;;;0", "9;;;0")
    assert data["age"] == "86400s;;;0"


def test_the_long_text_has_the_worst_first_and_each_machine():
    lines = answer(*judged.MANY)[2].splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["web-17", "critical new"],
        ["web-17", "high widened"],
        ["web-17", "high gone"],
        ["db-3", "medium widened"],
        ["web-17", "low expired"],
    ]
    assert "not seen: namespace cni-4f2a: setns: operation not permitted" in answer(judged.BLIND)[2]


def test_it_is_cut_where_servers_cut_and_says_so():
    crowd = [replace(judged.DRIFTED, verdicts=(replace(judged.NEW, reason="x" * 200),) * 500)]
    text = nagios.write(crowd, "1.2.3", NOW)
    assert len(text.encode()) <= nagios.MOST + 100
    last = text.splitlines()[-1]
    left = int(last.removeprefix("and ").partition(" ")[0])
    assert left + len(text.splitlines()) - 2 == 500


@given(judged.hostile_reports)
def test_no_stranger_makes_data_or_lines(report):
    text = nagios.write((report,), "1.2.3", NOW)
    assert is_safe(text)
    first, *rest = text.removesuffix("\n").split("\n")
    assert text.count("|") == 1
    assert all(LABEL.match(part) for part in first.partition(" | ")[2].split(" "))
    assert len(rest) <= 1 + len(report.verdicts) + len(report.coverage.gaps)
    assert not set('`~$&"<>') & set(text)


def test_where_nothing_could_be_found_out_it_is_unknown_in_one_line():
    told = nagios.unknown("a | b\nc \x1b[31m" + "x" * 500)
    assert told.startswith("HB UNKNOWN - a / b\\nc \\x1b[31mxxx")
    assert told.count("\n") == 1
    assert len(told) < 330
