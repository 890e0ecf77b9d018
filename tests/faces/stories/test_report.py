"""The page of hb check. Goldens: HB_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.kit import HOSTILE, NOW, Terminal, golden, is_safe, output, said
from tests.faces.reports import (
    ACCEPTED,
    ALL,
    DEBT,
    GONE,
    MILD,
    MUTED,
    NEW,
    NOTE,
    UNSEEN,
    WIDENED,
    fleet,
    report,
)

from hb_engine.faces.stories.report import MOST, grouped, tell
from hb_engine.model.record import replace
from hb_engine.model.report import Verdict

CASES = {
    "drift": ([report(*ALL)], {}),
    "every": ([report(*ALL)], {"every": True}),
    "quiet": ([report(DEBT, NOTE)], {}),
    "unseen": ([report(UNSEEN, DEBT, coverage=kit.NOBODY)], {}),
    "fleet": ([*fleet(9, NEW, WIDENED), *fleet(2, GONE)], {}),
}


@pytest.mark.parametrize("width", [None, 60, 80, 120])
@pytest.mark.parametrize("name", CASES)
def test_the_page(name, width):
    reports, more = CASES[name]
    golden(f"check-{name}-{width or 'plain'}.txt", said(tell(reports, NOW, took="41 ms", **more), width))


def lines(*verdicts, rows=None, **more):
    return said(tell([report(*verdicts)], NOW, rows, **more)).splitlines()


def test_as_expected_is_one_line():
    assert lines() == ["web-17: 14 openings, 11 expected by 23 rules, no drift"]
    assert lines(NOTE, MUTED, ACCEPTED) == lines()
    assert lines(DEBT) == ["web-17: 14 openings, 11 expected by 23 rules, 1 never reviewed   hb review"]


def test_even_one_line_says_that_not_all_was_seen():
    told = said(tell([report(coverage=kit.NOBODY)], NOW))
    assert told == "web-17: 14 openings, 11 expected by 23 rules, no drift   (without root, 2 gaps)\n"


UNSAFE = Verdict(
    "unsafe-baseline", "note", "high", "hb.d", "hb.d can be written by everybody", remedy="chmod go-w hb.d"
)
DUE = Verdict("review-due", "note", "low", "web", "web was to be confirmed", "web-17", rule="web")


def test_rules_that_others_may_write_are_never_quiet():
    told = "\n".join(lines(UNSAFE, NOTE))
    assert "no drift" in told
    assert "notes  hb.d can be written by everybody   (chmod go-w hb.d)" in told
    assert "1 changed   hb check --all" in told


def test_rules_to_be_confirmed_are_counted_in_the_line():
    assert lines(DUE) == ["web-17: 14 openings, 11 expected by 23 rules, no drift, 1 review-due   hb check --all"]
    assert lines(DUE, DEBT)[0].endswith("1 never reviewed   hb review   1 review-due   hb check --all")


def test_a_drift_is_one_line_with_its_rule_and_its_owner():
    told = lines(WIDENED)
    row = next(line for line in told if "6379" in line)
    assert row.startswith("high  tcp 6379  everyone  redis-server.service  widened  reaches public; db-redis allows")
    assert "loopback   (hb.d/db.toml:12, owner dba)" in row


def test_when_it_came_is_told():
    assert "; first seen 3 minutes ago" in "\n".join(lines(NEW))
    assert "; started 3 minutes ago" in "\n".join(lines(replace(NEW, since=None)))
    assert "ago" not in "\n".join(lines(MILD))


def test_its_probable_cause_stands_below_it():
    told = lines(WIDENED)
    at = next(number for number, line in enumerate(told) if "6379" in line)
    assert " ".join(told[at + 1].split()) == "likely /etc/redis/redis.conf changed by deploy, 13:58:11"


def test_a_rule_is_named_once():
    assert " ".join(lines(WIDENED)).count("db-redis") == 1
    assert "web-https (hb.d/web.toml:12, owner team-web)" in " ".join(lines(GONE))


def test_the_worst_comes_first_whatever_came_first():
    told = lines(MILD, GONE, WIDENED, NEW)
    marks = [line.split()[0] for line in told if line.split()[:1] and line.split()[0] in ("critical", "high", "medium")]
    assert marks == ["critical", "high", "medium", "medium"]


def test_the_head_counts():
    assert lines(*ALL)[0] == "web-17 · hb.d: 23 rules · 14 openings, 11 expected, 4 drift, 1 never reviewed"
    assert lines(UNSEEN)[0] == "web-17 · hb.d: 23 rules · 14 openings, 11 expected, no drift"
    packs = said(tell([report(NEW, baseline="")], NOW))
    assert "the packs: 23 rules" in packs


def test_the_foot_says_what_else_there_is_and_what_to_type():
    told = "\n".join(lines(*ALL))
    assert " debt    1 never reviewed   hb review\n" in told
    assert " unseen  tcp 5432: who holds it could not be seen (look as root)\n" in told
    assert " notes   1 changed   hb check --all\n" in told
    assert " quiet   1 muted · 1 accepted   hb check --all\n" in told
    assert told.endswith(" next    hb why 1703   hb accept tcp/22   where it is meant")


def test_nobody_is_told_how_to_accept_what_is_grave():
    assert "hb accept" not in "\n".join(lines(NEW))


def test_with_all_everything_has_its_row():
    told = "\n".join(lines(*ALL, every=True))
    for word in ("debt", "note", "unseen", "muted", "accepted"):
        assert f"\n{word}" in told
    assert "hb check --all" not in told


def test_another_machine_s_report_says_nothing_to_type_here():
    told = said(tell([report(NEW, source="web.json")], NOW))
    assert "next" not in told


# -- many


def test_what_is_alike_is_one_row_for_all_machines():
    told = said(tell([*fleet(9, NEW), *fleet(2, GONE)], NOW))
    assert told.startswith("11 machines · hb.d: 23 rules · 154 openings, 121 expected, 11 drift")
    assert told.count("1703") == 1
    assert "on web-0, web-1, web-2 and 6 more" in told
    assert "on web-0 and web-1" in told


def test_groups_have_the_worst_of_their_own():
    mild, grave = replace(NEW, severity="low", host="a"), replace(NEW, severity="high", host="b")
    (group,) = grouped([mild, grave, mild])
    assert (group.first.severity, group.hosts) == ("high", ("a", "b"))


def many(count):
    """Drift on so many ports."""
    kinds = ("new", "owner-changed", "widened")
    return [
        Verdict(kinds[number % 3], "drift", "medium", f"tcp/public/{number}/x/host", "no rule", "web-17")
        for number in range(count)
    ]


@pytest.mark.parametrize("rows", [1, 5, 20])
def test_no_more_rows_than_there_is_room_for_and_the_rest_is_counted(rows):
    told = lines(*many(300), rows=rows)
    shown = [line for line in told if line.startswith("medium")]
    assert len(shown) == rows
    more = next(line for line in told if line.startswith(" more"))
    assert sum(int(word) for word in more.split() if word.isdigit()) == 300 - rows
    assert more.endswith("hb check --all")


@pytest.mark.slow
def test_a_hundred_thousand_verdicts_are_one_screen():
    reports = [report(*many(100_000))]
    stdout = Terminal()
    out = output(stdout, size=(100, 30))
    out.show_fitting(lambda rows: tell(reports, NOW, rows))
    told = stdout.getvalue().splitlines()
    assert len(told) <= 29
    assert "100000 drift" in told[0]
    piped = said(tell(reports, NOW)).splitlines()
    assert len([line for line in piped if line.startswith("medium")]) == MOST
    assert any(line.endswith("hb check --all") for line in piped)


@given(st.lists(st.sampled_from(ALL), max_size=9), st.sampled_from([None, 40, 80, 200]), st.integers(1, 9))
def test_every_drift_is_shown_or_counted(verdicts, width, rows):
    told = said(tell([report(*verdicts)], NOW, rows), width)
    assert told.endswith("\n")
    drift = {(one.kind, one.key) for one in verdicts if one.state == "drift"}
    if drift:
        assert any(word in told for word in ("critical", "high", "medium"))
    else:
        assert "drift" in told or "never reviewed" in told


@pytest.mark.parametrize("width", [None, 80])
def test_strangers_text_is_escaped(width):
    verdicts = [
        Verdict("new", "drift", "high", text, text, text, one, text, evidence=(text,), remedy=text, owner=text)
        for text, one in zip(HOSTILE, kit.hostile_look().openings, strict=True)
    ]
    told = said(tell([report(*verdicts, UNSEEN)], NOW, every=True), width)
    assert is_safe(told)
