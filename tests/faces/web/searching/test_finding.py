"""Questions answered: groups with the best first, what matched, ports by number; the same again is not looked for."""

from __future__ import annotations

import asyncio

import pytest
from tests.faces.judged import AWKWARD
from tests.faces.web import kit
from tests.faces.web.api import asking

from hb_engine.app.hub.sight import NOTHING
from hb_engine.faces.web.searching import finding
from hb_engine.faces.web.searching.finding import find, found
from hb_engine.faces.web.searching.question import parse

HUB = asking.site().hub


def ask(text, hub=HUB):
    return found(hub, parse(text))


def titles(text, group):
    return [one.entry.title for one in ask(text).part(group, 0, 20)]


@pytest.mark.parametrize(
    ("text", "group", "title"),
    [
        ("ssh", "services", "ssh"),
        ("secure shell", "services", "ssh"),
        ("/usr/sbin/sshd", "processes", "sshd"),
        ("openssh-server", "processes", "sshd"),
        ("nginx.service", "processes", "nginx"),
        ("web-17", "machines", "web-17"),
        ("東京", "machines", asking.BLIND.name),
        ("shop front", "rules", "web-https"),
        ("dba", "rules", "cache"),
        ("exploiter", "threats", "Exploiter"),
        ("deleted executable", "findings", "deleted-executable"),
    ],
)
def test_everything_is_found_by_its_words(text, group, title):
    assert title in titles(text, group)


def test_the_group_with_the_best_match_is_first():
    assert ask("web-17").best[0] == "machines"
    assert ask("exploiter").best[0] == "threats"
    assert ask("ssh").best[0] == "processes"  # what is here comes before what is only registered
    assert set(ask("ssh").best) == set(ask("ssh").counts)


def test_what_matched():
    one = ask("openssh-server").part("processes", 0, 1)[0]
    assert (one.field, one.matched) == ("package", "openssh-server")


def test_a_port_alone_is_found_whatever_it_is():
    one = ask("48620").part("ports", 0, 9)[0].entry
    assert (one.title, one.href, one.tone) == ("48620", "/ports/48620", "")
    one = ask("tcp/22").part("ports", 0, 9)[0].entry
    assert (one.href, one.tone) == ("/ports/22/tcp", "open")
    assert "web-17" in one.detail


def test_of_a_range_those_of_which_something_is_known():
    told = titles("1700-1710", "ports")
    assert "1703" in told
    assert told == sorted(told, key=int)
    assert ask("49152-65535").counts == {}
    assert ask("0-65535").counts["ports"] > 5000


def test_suggestions_only_where_nothing_was_found():
    assert ask("posgresql").suggestions
    assert ask("ssh").suggestions == ()


def test_the_same_question_is_answered_from_memory():
    assert ask("redis") is ask("redis")
    other = asking.site(asking.saying("x")).hub
    assert ask("redis", other).counts != ask("redis").counts


def test_few_answers_are_kept():
    for number in range(finding.REMEMBERED + 20):
        ask(f"x{number}")
    assert len(finding._KEPT) == finding.REMEMBERED


@pytest.mark.parametrize("text", AWKWARD)
def test_nothing_that_is_typed_breaks_it(text):
    told = asyncio.run(find(HUB, text))
    for group in told.counts:
        assert told.part(group, 0, 3)


def test_before_the_first_look_the_registry_is_found():
    hub = kit.site(NOTHING).hub
    assert ask("ssh", hub).counts["services"] > 0
    assert "processes" not in ask("ssh", hub).counts
