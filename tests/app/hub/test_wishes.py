"""What was typed becomes a wish, or mistakes beside their fields: all at once, and never an exception."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.app.hub import wishes
from hb_engine.app.hub.wishes import Asked, Wrong, checked, settled, wish
from hb_engine.baseline.accepting import Wish
from hb_engine.model.baseline import Baseline, Role
from hb_engine.model.errors import BadInput
from hb_engine.model.record import replace
from hb_engine.wire.dates import DAY, seconds_of

NOW = 1795356311.0  # 2026-11-22 14:05:11 UTC
RULES = Baseline(roles=(Role("web"),))
HOSTS = ("web-17", "db-3")
GOOD = Asked("key", "web-17", decision="allow", why="front end", owner="team-web")


def made(**words):
    return wish(replace(GOOD, **words), RULES, HOSTS, NOW)


def codes(**words):
    found, wrong = made(**words)
    assert found is None
    return [(one.field, one.code) for one in wrong]


def end(day):
    """The last second of a day."""
    begun = seconds_of(day)
    assert begun is not None
    return begun + DAY - 1


def test_a_plain_wish():
    assert made() == (Wish("front end", "team-web"), ())
    assert made(decision="forbid")[0] == Wish("front end", "team-web", "forbid")
    assert made(accepts=("deleted-executable",))[0].accepts == ("deleted-executable",)
    assert made(scope="private")[0].scope == "private"


def test_all_mistakes_are_told_at_once():
    assert codes(decision="", why=" ", owner="\t", only="role:x", scope="galaxy", file="../x", review="x") == [
        ("decision", "decision"), ("why", "why"), ("owner", "owner"), ("only", "only"), ("scope", "scope"),
        ("file", "file"), ("review", "day"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({}, ("until", "until")),
        ({"until": "2027-01-01", "days": "3"}, ("until", "until-twice")),
        ({"until": "2026-11-21"}, ("until", "past")),
        ({"until": "2026-02-30"}, ("until", "day")),
        ({"until": "tomorrow"}, ("until", "day")),
        ({"days": "0"}, ("days", "days")),
        ({"days": "-1"}, ("days", "days")),
        ({"days": "1.5"}, ("days", "days")),
        ({"days": "\u0663"}, ("days", "days")),
        ({"days": "9" * 30}, ("days", "days")),
        ({"days": "36501"}, ("days", "days")),
    ],
)
def test_an_end_that_is_none(words, wrong):
    assert codes(decision="temporary", **words) == [wrong]


def test_an_end_is_a_day_and_stays_the_same_tomorrow():
    found, _ = made(decision="temporary", days="3")
    assert found.until == end("2026-11-25")
    one = replace(GOOD, decision="temporary", days="3", mark="m", ticket="t")
    again = settled(one, found)
    assert (again.until, again.days, again.mark, again.ticket) == ("2026-11-25", "", "", "")
    assert wish(again, RULES, HOSTS, NOW + DAY)[0] == found


def test_an_end_to_the_second_is_kept():
    found, _ = made(decision="temporary", until="2026-11-22T18:00:00Z")
    assert settled(GOOD, found).until == "2026-11-22T18:00:00Z"


def test_an_end_is_of_no_matter_where_it_is_not_temporary():
    assert made(until="nonsense", days="x") == (Wish("front end", "team-web"), ())


def test_a_review_is_a_day_to_come():
    found, _ = made(review="2027-05-01")
    assert found.review == end("2027-05-01")
    assert settled(GOOD, found).review == "2027-05-01"
    assert codes(review="2020-01-01") == [("review", "past")]


def test_for_one_machine_or_a_role():
    assert made(only="host:db-3")[0].host == "db-3"
    assert made(only="role:web")[0].role == "web"
    for only in ("host:web-18", "role:db", "web-17", "host:", "role:", "other:web"):
        assert codes(only=only) == [("only", "only")]


def test_blanks_and_line_feeds_are_one_blank_each():
    assert made(why="  a\r\n b\tc ", owner=" x  y ")[0] == Wish("a b c", "x y")


@pytest.mark.parametrize("name", ["../etc/passwd", "a/b", ".hidden", "x.yaml", "\\x"])
def test_a_file_lies_in_the_folder_and_is_toml(name):
    found, (wrong,) = made(file=name)
    assert found is None
    assert wrong.field == "file"
    assert wrong.message


@given(st.fixed_dictionaries({name: st.text(st.characters(), max_size=12) for name in
       ("decision", "why", "owner", "until", "days", "review", "only", "scope", "file")}))  # fmt: skip
def test_nothing_that_is_typed_raises(words):
    found, wrong = made(**words)
    assert (found is None) == bool(wrong)
    assert all(isinstance(one, Wrong) and one.code for one in wrong)


@pytest.mark.parametrize(
    "words",
    [
        {"why": 3}, {"key": None}, {"uid": "0"}, {"uid": True}, {"accepts": ("a",) * (wishes.MOST + 1)},
        {"accepts": "deleted-executable"}, {"accepts": (3,)}, {"why": "x" * (wishes.LONGEST + 1)},
    ],
)  # fmt: skip
def test_words_of_another_kind_are_refused(words):
    with pytest.raises(BadInput, match="cannot say"):
        checked(replace(GOOD, **words))


def test_words_of_their_kind_pass():
    one = replace(GOOD, uid=0, accepts=("a", "b"))
    assert checked(one) is one
