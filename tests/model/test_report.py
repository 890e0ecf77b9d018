"""The words of reports are closed lists, and their values are plain."""

from __future__ import annotations

from hb_engine.model.baseline import Where
from hb_engine.model.inventory import Coverage, Host
from hb_engine.model.report import DRIFTS, KINDS, NOTES, STATES, Cause, Held, Report, Verdict
from hb_engine.model.verdict import SEVERITIES


def test_a_kind_is_a_drift_or_a_note():
    assert (*DRIFTS, *NOTES) == KINDS
    assert len(set(KINDS)) == len(KINDS)
    assert len(DRIFTS) == 12


def test_states_begin_with_what_is_news():
    assert STATES[0] == "drift"
    assert len(set(STATES)) == len(STATES)


def test_a_verdict_needs_what_happened_and_why_only():
    one = Verdict("new", "drift", SEVERITIES[3], "tcp/public/1/x/host", "no rule is about it")
    assert (one.rule, one.opening, one.where, one.causes, one.since) == ("", None, None, (), None)
    assert one == Verdict("new", "drift", "medium", "tcp/public/1/x/host", "no rule is about it")


def test_a_report_begins_empty():
    made = Report(Host("web", "Debian"), 5.0, Coverage(privileged=True))
    assert (made.verdicts, made.openings, made.expected, made.rules, made.held) == ((), 0, 0, 0, ())


def test_values_can_be_told_apart():
    assert Cause(1.0, "a", "b") != Cause(1.0, "a", "c")
    assert Held("web", "allow", Where("f", 1)).keys == ()
    assert len({Cause(1.0, "a", "b"), Cause(1.0, "a", "b")}) == 1
