"""How badly: the rule's word, or worse where the evidence is worse. The worst first, always the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.checking import opening, rule, said

from hb_engine.judge.comparing import Finding
from hb_engine.judge.ranking import ranked, severity_of
from hb_engine.model.baseline import Defaults
from hb_engine.model.record import replace
from hb_engine.model.report import KINDS, STATES, Verdict
from hb_engine.model.verdict import SEVERITIES, Reason

MEDIUM = Defaults()


@pytest.mark.parametrize(
    ("finding", "severity", "by"),
    [
        (Finding("new", "drift", opening()), "medium", "the defaults"),
        (Finding("expired", "drift", opening(), rule(severity="low")), "low", "allow-tcp-443"),
        (Finding("forbidden", "drift", opening(), rule("forbid", severity="critical")), "critical", "forbid-tcp-443"),
        (Finding("new", "drift", opening(verdict=said("high"))), "high", "deleted-executable"),
        (Finding("expired", "drift", opening(verdict=said("low")), rule(severity="high")), "high", "allow-tcp-443"),
        (
            Finding("expired", "drift", opening(verdict=said("high")), rule(accepts=("deleted-executable",))),
            "medium",
            "allow-tcp-443",
        ),
        (Finding("hidden", "drift", opening(), rule(severity="low")), "critical", "what hides"),
    ],
)
def test_the_severity_of_drift_and_where_it_comes_from(finding, severity, by):
    found, sentence = severity_of(finding, MEDIUM)
    assert found == severity
    assert by in sentence


@pytest.mark.parametrize(("state", "severity"), [("debt", "info"), ("note", "info"), ("unseen", "none")])
def test_what_is_no_drift_is_mild(state, severity):
    assert severity_of(Finding("new", state, opening(verdict=said("critical"))), MEDIUM) == (severity, "")


def test_a_finding_of_an_evidence_rule_has_its_severity():
    reason = Reason("relay-tool", "high", "a relay")
    assert severity_of(Finding("suspicious", "drift", opening(), rule(severity="low"), reason=reason), MEDIUM) == (
        "high",
        "",
    )


def test_the_defaults_are_the_baseline_s():
    assert severity_of(Finding("new", "drift", opening()), Defaults(severity="high"))[0] == "high"


VERDICTS = st.lists(
    st.builds(
        Verdict,
        st.sampled_from(KINDS),
        st.sampled_from(STATES),
        st.sampled_from(SEVERITIES),
        st.sampled_from(["tcp/public/1/a/host", "tcp/public/2/b/host"]),
        st.sampled_from(["why", "why not"]),
        rule=st.sampled_from(["", "web"]),
    ),
    max_size=12,
)


@pytest.mark.slow
@given(VERDICTS, st.randoms(use_true_random=False))
def test_the_order_is_the_same_whatever_came_first(verdicts, random):
    shuffled = list(verdicts)
    random.shuffle(shuffled)
    assert ranked(shuffled) == ranked(verdicts)


@pytest.mark.slow
@given(VERDICTS)
def test_each_is_told_once_and_none_is_lost(verdicts):
    found = ranked(verdicts)
    alike = [(one.kind, one.state, one.key, one.rule) for one in found]
    assert len(alike) == len(set(alike))
    assert set(alike) == {(one.kind, one.state, one.key, one.rule) for one in verdicts}
    more = sum([int(each.split()[1]) for one in found for each in one.evidence if each.startswith("and ")])
    assert len(found) + more == len(verdicts)


@given(VERDICTS)
def test_news_come_first_and_among_them_the_worst(verdicts):
    found = ranked(verdicts)
    order = [(STATES.index(one.state), -SEVERITIES.index(one.severity), KINDS.index(one.kind)) for one in found]
    assert order == sorted(order)


def test_what_stands_for_many_says_how_many():
    one = Verdict("new", "drift", "low", "k", "why", evidence=("first",))
    assert ranked([one, replace(one, reason="why"), one])[0].evidence == ("first", "and 2 more that are alike")
    assert ranked([one])[0].evidence == ("first",)
    assert ranked([]) == ()
