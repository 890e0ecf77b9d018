"""Looking up: every word must be there, numbers are whole, the best comes first, and time is bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces.web.api import asking

from hb_engine.faces.web.searching import index as indexing
from hb_engine.faces.web.searching.entries import Entry
from hb_engine.faces.web.searching.folding import words
from hb_engine.faces.web.searching.index import INDEXES, SCORED, WORST, Group


def entry(title, detail="", weight=0, **fields):
    return Entry("services", title, detail, f"/{title}", (("name", title), *fields.items()), weight)


GROUP = Group(
    iter(
        [
            entry("ssh", port="tcp/22 22"),
            entry("sshd-session", description="sessions"),
            entry("openssh", port="tcp/2222 2222"),
            entry("secure-ssh-x"),
            entry("Crème", user="Ștefan"),
            entry("crosshair"),
        ]
    )
)


def found(text):
    return [GROUP.entries[hit.place].title for hit in GROUP.find(words(text))]


def test_the_best_first():
    assert found("ssh") == ["ssh", "sshd-session", "secure-ssh-x", "crosshair", "openssh"]


def test_scores():
    scores = {GROUP.entries[hit.place].title: hit.score for hit in GROUP.find(("ssh",))}
    assert scores == {"ssh": 0, "sshd-session": 1, "secure-ssh-x": 2, "crosshair": WORST, "openssh": WORST}


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("22", ["ssh"]),
        ("222", []),
        ("tcp/2222", ["openssh"]),
        ("creme stefan", ["Crème"]),
        ("creme ssh", []),
        ("", []),
        ("ssh session", ["sshd-session"]),
    ],
)
def test_all_words_must_be_there(text, titles):
    assert found(text) == titles


def test_equals_are_in_the_order_of_their_weight():
    group = Group(iter([entry("x-b", weight=2), entry("x-a", weight=3), entry("x-c", weight=1)]))
    assert [group.entries[hit.place].title for hit in group.find(("x",))] == ["x-c", "x-b", "x-a"]


def test_of_very_many_hits_names_are_still_first():
    group = Group(iter([entry(f"a{number}", user="web") for number in range(SCORED + 10)] + [entry("web")]))
    hits = group.find(("web",))
    assert group.entries[hits[0].place].title == "web"
    assert {hit.score for hit in hits[1:]} == {WORST}


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_an_entry_is_found_by_what_is_written_in_it(text):
    group = Group(iter([entry("other"), entry("named", user=text)]))
    asked = words(text)
    titles = [group.entries[hit.place].title for hit in group.find(asked)]
    if asked and not any(word.isdigit() for word in asked) and "\u200d" not in text:
        assert "named" in titles or any(word not in group.texts[1] for word in asked)
    assert GROUP.find(asked) == GROUP.find(asked)


def test_the_registry_is_read_once_for_all_sights():
    hub = asking.site().hub
    before = INDEXES.of(hub).groups["services"]
    hub.show(asking.saying("x"))
    assert INDEXES.of(hub).groups["services"] is before
    assert indexing.INDEXES.of(hub).groups["machines"].names == ["x"]
