"""Tables into rules, roles and windows: what they come to, and what is said where they say too little or too much."""

from __future__ import annotations

import pytest
from tests.baseline.reading import NOW, RULE, WORLD, problems, read, rule

from hb_engine.baseline.language.builder import World
from hb_engine.model.baseline import Hours
from hb_engine.model.record import replace
from hb_engine.wire.dates import iso

ROLE = '[[role]]\nname = "web"\n'
WINDOW = '[[window]]\nname = "x"\nmode = "mute"\n'


def test_the_least_that_a_rule_says():
    found = rule(RULE)
    assert (found.kind, found.why, found.owner, found.severity, found.level) == ("allow", "x", "y", "medium", "fleet")
    assert (found.accepted, found.review, found.until, found.by, found.speaks) == (None, None, None, None, None)


def test_days_count_from_when_it_was_accepted():
    found = rule(RULE + 'accepted = 2026-11-01\nreview = "4w"\nuntil = "1y"\n')
    assert iso(found.review or 0) == "2026-11-29T00:00:00Z"
    assert iso(found.until or 0) == "2027-11-01T00:00:00Z"
    found = rule(RULE + "accepted = 2026-11-01T10:00:00Z\n")
    assert iso(found.review or 0) == "2027-04-30T10:00:00Z"  # 180 days, as defaults have it
    found = rule('[defaults]\nreview = "never"\n' + RULE + "accepted = 2026-11-01\n")
    assert found.review is None
    assert read("[defaults]\nreview = false\n").baseline.defaults.review is None


def test_days_as_text_and_as_toml_has_them_are_the_same():
    assert rule(RULE + 'until = "2027-01-31"\n').until == rule(RULE + "until = 2027-01-31\n").until
    assert iso(rule(RULE + "until = 2027-01-31\n").until or 0) == "2027-01-31T23:59:59Z"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('review = "90d"', "5:10 error: review = '90d' counts from accepted, and this rule does not say when that was"),
        ('until = "8h"', "5:9 error: until = '8h' counts from accepted, and this rule does not say when that was"),
        ("until = 2027-01-31T10:00:00", "5:9 warning: this time says no zone, and is read as UTC"),
        ("until = 2026-11-21", "5:9 warning: this rule ended on 2026-11-21"),
        ("review = 2026-11-21", "5:10 warning: this rule was to be reviewed by 2026-11-21"),
        ("accepted = 2026-01-01", "5:12 warning: this rule was to be reviewed by 2026-06-30"),
        ("accepted = 2036-01-01", "5:12 warning: this rule was accepted on a day to come"),
        ("until = 10:00:00", "5:9 error: '10:00:00' is no day and no time"),
        (
            'accepts = "hidden-opening"',
            "5:11 warning: no rule makes a hidden opening quiet: hb check tells it whatever is accepted",
        ),
        ('accepts = ["writable-pth"]', "5:12 error: hb has no rule 'writable-pth'"),
        ('id = "a b"', "5:8 error: ' ' has no place in an id"),
        ('id = "ssh/sshd"', "5:10 error: '/' has no place in an id"),
        (f'id = "{"x" * 101}"', "5:6 error: this id has more than 100 characters"),
        ('by = "unit:a.servce"', "5:12 warning: a.servce is read as the unit a.servce.service"),
        ('from = ["any", "net:10.0.0.1/8"]', "5:21 error: '10.0.0.1/8' is an address inside of a network"),
    ],
)
def test_what_is_said_of_a_rule(more, told):
    (found,) = problems(f"{RULE}{more}\n")
    assert found.partition(" | ")[0] == f"a.toml:{told}"


def test_a_day_that_is_today_is_not_past():
    assert problems(RULE + "until = 2026-11-22\nreview = 2026-11-22\n") == []


def test_without_a_clock_nothing_is_past_and_without_judges_rules_each_name_will_do():
    text = RULE + 'until = 2020-01-01\naccepts = "anything"\n'
    assert problems(text, world=World()) == []
    assert len(problems(text, world=replace(WORLD, now=NOW))) == 2


def test_texts_are_one_line_and_bounded():
    assert rule(RULE.replace('"x"', '"""\n  a\n  b  """')).why == "a b"
    (found,) = problems(RULE.replace('"x"', f'"{"x" * 2001}"'))
    assert found.startswith("a.toml:3:7 error: why has more than 2000 characters | ")


def test_what_every_rule_must_say():
    least = '[[allow]]\nlisten = "tcp/1"\n'
    assert [line.partition(" | ")[0] for line in problems(least)] == [
        "a.toml:1:1 error: this allow rule has no owner",
        "a.toml:1:1 error: this allow rule has no why",
    ]
    assert problems("[defaults]\nrequire = []\n" + least) == []
    (found,) = problems('[defaults]\nrequire = "until"\n' + least)
    assert found == (
        "a.toml:3:1 error: this allow rule has no until | "
        "Write such as until = 2026-12-01T18:00:00Z; require in defaults says what is asked."
    )
    assert len(problems(least + 'ownr = "x"\nreason = "x"\n')) == 3  # a mistyped owner is told as that, too


def test_hosts_of_a_role():
    (role,) = read(ROLE + 'hosts = ["web-*", "10.0.0.0/8"]\n').baseline.roles
    assert role.hosts == ("web-*", "10.0.0.0/8")
    (role,) = read(ROLE + 'hosts = "web-1"\n').baseline.roles
    assert role.hosts == ("web-1",)
    assert problems(ROLE + 'hosts = "web-1; web-2"\n') == [
        'a.toml:3:15 error: a host has no spaces and no commas | Write hosts = ["web-1", "web-2"].'
    ]


def test_hosts_that_can_choose_no_machine():
    assert problems(ROLE + 'hosts = ["web", "10.0.0.0/33"]\n') == [
        "a.toml:3:17 error: '10.0.0.0/33' is no network | Write one such as 10.0.0.0/8 or fd00::/8."
    ]
    told = problems('[[allow]]\nlisten = "tcp/1"\nwhy = "x"\nowner = "y"\nhost = "web-1, web-2"\n')
    hint = "A rule is for one host, for a pattern or for a role: make a role of several."
    assert told == [f"a.toml:5:14 error: a host has no spaces and no commas | {hint}"]


def test_roles_of_conditions_are_there():
    known = ROLE + 'hosts = "a"\n'
    assert problems(known + '[[role]]\nname = "b"\nwhen = "role:web and not role:wbe"\n') == [
        "a.toml:6:8 error: there is no role 'wbe' | Did you mean web?"
    ]
    assert problems(known + '[[role]]\nname = "b"\nwhen = "role:db-*"\n') == []  # a pattern may fit none yet
    window = '[[window]]\nname = "w"\nmode = "mute"\nstart = 2026-01-01\nwhen = "role:nope"\n'
    assert "there is no role 'nope'" in problems(known + window)[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            WINDOW,
            '1:1 error: this window says no time | Write such as every = "Sun 02:00-04:00 UTC", or start and end.',
        ),
        (
            WINDOW + "start = 2027-01-02\nend = 2027-01-01\n",
            "5:7 error: this window ends before it begins | Exchange start and end.",
        ),
        (
            '[[window]]\nname = "x"\nevery = "01:00-02:00"\n',
            (
                "1:1 error: this window names no rules that hold in it alone | "
                'Name them, such as rules = ["db-backup"]; for silence write mode = "mute".'
            ),
        ),
        (
            WINDOW + 'every = "Mon 01:00-02:00 Mars"\n',
            (
                "4:26 error: there is no time zone 'Mars' | "
                "Names are those of the IANA time zone database, such as Europe/Berlin."
            ),
        ),
    ],
)
def test_what_is_said_of_a_window(text, told):
    assert problems(text) == [f"a.toml:{told}"]


def test_a_window_of_one_day():
    (window,) = read(WINDOW + "start = 2027-01-01\nend = 2027-01-01\n").baseline.windows
    assert (window.end or 0) - (window.start or 0) == 86399
    (window,) = read(WINDOW + 'every = "Sat  22:00-23:00"\n').baseline.windows
    assert (window.every, window.text) == ((Hours((5,), 1320, 1380),), "Sat 22:00-23:00")
