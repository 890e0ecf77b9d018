"""The inbox: every card once, the worst first; and where there is none, what was looked at and what was not seen."""

from __future__ import annotations

import functools

import pytest
from tests.faces import judged
from tests.faces.kit import BACKDOOR, DAY, HOST, LOOK, NOW, POSTGRES, REDIS
from tests.faces.web import kit

from hb_engine.app.hub.sight import NOTHING, Machine, Sight, Trouble
from hb_engine.faces.web.addresses import short
from hb_engine.model.record import replace


@functools.cache
def site():
    return kit.site()


def shown(sight, path="/drift"):
    site().hub.show(sight)
    with kit.client(site()) as browser:
        return browser.get(path)


def sight(*reports, troubles=()):
    return Sight(1, NOW, tuple([Machine(one.host.name, LOOK, one) for one in reports]), troubles)


def order(answer):
    """The ids of the cards, in their order."""
    return [
        part.partition('"')[0] for part in answer.text.split('<article class="card case" aria-labelledby="case-')[1:]
    ]


def test_the_worst_first_each_key_once():
    answer = shown(kit.SIGHT)
    assert answer.status_code == 200
    assert order(answer)[:2] == [short(BACKDOOR.key), short(REDIS.key)]
    assert order(answer)[-1] == short(POSTGRES.key)  # debt comes last
    assert len(order(answer)) == len(set(order(answer))) == 4


def test_a_card_says_what_since_when_why_and_where():
    answer = shown(kit.SIGHT)
    for told in ("open to everyone, and no rule is about it", "redis-server installed 7.0.15", "hb.d/web.toml:31:10",
                 'href="/machines/web-17"', 'href="/machines/db-3"', "severity: critical"):  # fmt: skip
        assert told in answer.text


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("state=debt", [POSTGRES]),
        ("severity=critical", [BACKDOOR]),
        ("machine=db-3", [REDIS]),
        ("q=redis", [REDIS]),
        ("q=redis+public", [REDIS]),
        ("q=nothing+has+this", []),
        ("state=nonsense&severity=bad&q=postgres", [POSTGRES]),
        ("state=drift&severity=critical&q=kworker&machine=web-17", [BACKDOOR]),
    ],
)
def test_filters(query, keys):
    assert order(shown(kit.SIGHT, f"/drift?{query}")) == [short(one.key) for one in keys]


def test_what_is_required_and_missing_is_told_though_it_is_no_card():
    answer = shown(kit.SIGHT)
    assert "Required, and not there" in answer.text
    assert "web-https requires it, and nothing is open there" in answer.text
    only = shown(sight(replace(judged.QUIET, verdicts=(judged.GONE,))))
    assert order(only) == []
    assert "One thing that a rule requires is missing." in only.text


def test_a_quiet_machine_says_what_was_looked_at_and_not_that_all_is_well():
    answer = shown(sight(judged.QUIET))
    assert order(answer) == []
    assert "Nothing that was seen waits for a decision." in answer.text
    assert "What was looked at" in answer.text
    assert "3 openings were held against the rules" in answer.text
    assert "Not everything could be seen" not in answer.text


def test_what_could_not_be_seen_is_never_clean():
    answer = shown(sight(judged.BLIND))
    for told in ("Not everything could be seen", "owners of 5 sockets", "run as root", "not checked",
                 "without root"):  # fmt: skip
        assert told in answer.text


def test_a_look_at_a_part_says_so():
    part = replace(judged.QUIET, coverage=replace(judged.QUIET.coverage, partial="ports 22, 443"))
    assert "ports 22, 443" in shown(sight(part)).text


def test_machines_that_were_not_judged_are_named():
    made = Sight(1, NOW, (Machine(HOST.name, LOOK, judged.QUIET), Machine("db-9", LOOK), Machine("old", LOOK, judged.OTHER, remembered=True)))  # fmt: skip # noqa: E501
    answer = shown(made)
    assert "Not held against the rules" in answer.text
    assert "/machines/db-9" in answer.text
    assert "/machines/old" in answer.text
    assert order(answer) == []  # nobody looks at a remembered machine now


def test_without_a_baseline_it_says_how_one_begins_and_what_that_does():
    trouble = Trouble("baseline", "there is no baseline: no hb.d here or above", "Begin with hb learn --now.")
    answer = shown(Sight(1, NOW, (Machine(HOST.name, LOOK),), (trouble,)))
    assert answer.status_code == 200
    assert "hb learn --now" in answer.text
    assert "nothing can be called drift, and nothing clean" in answer.text
    assert "there is no baseline: no hb.d here or above" in answer.text


def test_before_the_first_look():
    assert "Nobody has looked yet" in shown(NOTHING).text


def test_muted_drift_is_counted():
    answer = shown(sight(replace(judged.QUIET, verdicts=(judged.MUTED, judged.MUTED))))
    assert "2 differences fall into windows" in answer.text


def test_many_cards_have_many_pages():
    many = [replace(judged.NEW, key=f"k{number}", opening=replace(BACKDOOR, port=number)) for number in range(1, 121)]
    made = sight(replace(judged.QUIET, verdicts=tuple(many)))
    found = [one for page in (1, 2, 3) for one in order(shown(made, f"/drift?page={page}"))]
    assert len(found) == len(set(found)) == 120
    assert order(shown(made, "/drift?page=999")) == order(shown(made, "/drift?page=3"))
    assert len(shown(made).content) < 100_000


def test_very_many_of_everything_still_fit_on_a_page():
    gaps = tuple([judged.BLIND.coverage.gaps[0]] * 500)
    blind = replace(judged.BLIND, verdicts=(judged.UNSEEN,) * 500 + (judged.GONE,) * 500)
    made = sight(replace(blind, coverage=replace(blind.coverage, gaps=gaps)))
    assert len(shown(made).content) < 100_000


@pytest.mark.parametrize("code", ["ro", "de", "fr", "es", "ja"])
def test_in_every_language(code):
    answer = shown(kit.SIGHT, f"/{code}/drift")
    assert answer.status_code == 200
    assert f'href="/{code}/drift/{short(BACKDOOR.key)}"' in answer.text


@pytest.mark.parametrize("text", judged.AWKWARD)
def test_strangers_texts_stay_text(text):
    answer = shown(sight(judged.saying(text), replace(judged.saying(text, "gone"), host=HOST)))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text
    assert "\x1b" not in answer.text


def test_a_time_long_ago_is_told_as_one():
    since = replace(judged.NEW, since=NOW - 40 * DAY)
    assert "ago" in shown(sight(replace(judged.QUIET, verdicts=(since,)))).text
