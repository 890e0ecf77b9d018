"""The pages of history: nothing is said to have happened at a time that nobody saw, and strangers' text is harmless."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.faces import kit, past
from tests.faces.kit import NOW, golden, is_safe, said

from hb_engine.app.remembering.history import Past
from hb_engine.faces.document import Document, Fields
from hb_engine.faces.stories import history as story
from hb_engine.model.history import Change, KeyChange, News, Span
from hb_engine.model.record import replace

WIDTHS = (None, 60, 80, 120)
ONE = replace(past.STORY, spans=past.SPANS)
CHANGED = replace(past.STORY, changes=past.CHANGES)


def name_of(width):
    return width or "plain"


@pytest.mark.parametrize("width", WIDTHS, ids=name_of)
def test_changes(width):
    told = story.changes(CHANGED, NOW - 7 * past.DAY, NOW)
    golden(f"history-changes-{name_of(width)}.txt", said(told, width))


@pytest.mark.parametrize("width", WIDTHS, ids=name_of)
def test_spans(width):
    golden(f"history-spans-{name_of(width)}.txt", said(story.spans(ONE, "6379", NOW), width))


def test_a_look_that_was_kept():
    golden("record.txt", said(story.kept(past.KEPT, NOW)))
    assert "No change since 14:00:11, 5 minutes ago." in said(story.kept(replace(past.KEPT, changes=()), NOW))
    first = said(story.kept(replace(past.KEPT, changes=(), before=None), NOW))
    assert "The first look" in first
    assert "No change" not in first


def test_a_repair():
    told = said(story.repaired(past.REPAIRED))
    assert "812 looks could be saved" in told
    assert past.REPAIRED.aside in told
    assert said(story.repaired(replace(past.REPAIRED, aside=""))) == f"Nothing is wrong with {past.PATH}.\n"


def test_nothing_to_tell():
    assert "0 changes since" in said(story.changes(past.STORY, NOW - past.DAY, NOW))
    assert "9: never seen open" in said(story.spans(past.STORY, "9", NOW))


def test_clients_come_and_go_without_a_line_unless_asked():
    busy = replace(CHANGED, changes=(Change(NOW, "opened", kit.CLIENT), Change(NOW, "closed", kit.IDLE), *past.CHANGES))
    told = said(story.changes(busy, NOW - past.DAY, NOW))
    assert "6 changes since" in told
    assert "2 changes of clients and idle sockets not shown   hb history --all" in told
    assert "40123" not in told
    told = said(story.changes(busy, NOW - past.DAY, NOW, everything=True))
    assert "8 changes since" in told
    assert "40123" in told
    assert "not shown" not in told
    only = said(story.changes(replace(busy, changes=busy.changes[:1]), NOW - past.DAY, NOW))
    assert "0 changes since" in only
    assert "1 change of clients" in only
    assert "No change since" in said(story.kept(replace(past.KEPT, changes=busy.changes[:2]), NOW))


def test_what_is_not_known_is_not_said():
    told = said(story.spans(ONE, "x", NOW))
    assert "opened 2026-11-21 18:00 to 18:05" in told  # between two looks
    assert "closed 2026-11-21 18:00 to 18:05" in told
    assert "before 2026-10-23 14:05, the first look" in told
    assert "before 2026-11-13 14:05, the first look that could show it" in told
    assert "seen last 2026-11-14 14:05; no look since could tell" in told
    assert "open still, 14:03:11" in told


def test_what_differs():
    phrases = [story.detail(change) for change in past.CHANGES]
    assert phrases == [
        "everyone",
        "this machine \u2192 everyone",
        "private net",
        "openssh-server 1:9.2p1-1 \u2192 openssh-server 1:9.2p1-2",
        "dropbear.service before",
        "everyone \u2192 this machine",
    ]
    ssh = kit.SSH
    moved = replace(ssh, addresses=("10.0.0.5",), user="www", flags=("filter",))
    assert story.detail(Change(NOW, "facts", moved, ssh)) == (
        "user root \u2192 www, 0.0.0.0, :: \u2192 10.0.0.5, none \u2192 filter"
    )
    gone = replace(ssh, owners=(replace(ssh.owners[0], exe_state="deleted"),))
    assert "/usr/sbin/sshd (deleted)" in story.detail(Change(NOW, "facts", gone, ssh))
    assert story.detail(Change(NOW, "facts", ssh, ssh)) == "another fact of it"


def test_as_of():
    told = said(story.as_of(Past(past.SEEN, past.MOMENT), NOW))
    assert told == (
        " As web-17 was 2026-11-21 14:06, by the look of 2026-11-21 14:05; nobody looked between 2026-11-21 14:05 and "
        "2026-11-21 14:10.\n"
    )
    last = replace(past.MOMENT, until=None)
    assert "nobody has looked since" in said(story.as_of(Past(past.SEEN, last), NOW))
    then = replace(past.MOMENT, asked=past.LOOK.taken_at)
    assert "the next look was" in said(story.as_of(Past(past.SEEN, then), NOW))
    blind = replace(past.MOMENT, look=replace(past.LOOK, privileged=False))
    assert "without root" in said(story.as_of(Past(past.SEEN, blind), NOW))


def test_new_since():
    assert "New at web-17 since 2026-11-21 14:05." in said(story.new_since(past.STORY, NOW - past.DAY, NOW))
    early = said(story.new_since(past.STORY, NOW - 99 * past.DAY, NOW))
    assert "looked at since 2026-10-23 14:05 only; what that look showed is not called new" in early


LIVE = frozenset([one.key for one in kit.LOOK.openings])


def line_of(news, live=LIVE, now=NOW):
    field = story.since_line(news, live, now)
    return said(Document((Fields((field,)),))) if field else ""


def test_since_yesterday():
    assert line_of(past.NEWS) == (
        " since yesterday  + tcp 1703   tcp 22 has another owner   \u2212 tcp 8080 (container)"
        "   tcp 6379 this machine \u2192 everyone\n"
    )


def test_what_is_quiet_says_nothing():
    assert line_of(News(NOW, (), LIVE)) == ""
    assert line_of(News(NOW, past.NEWS.changes[3:], LIVE)) == ""  # facts, and ports that the kernel chose


def test_what_opened_and_closed_again_is_one_thing():
    key = "tcp/public/9/exe:/x/host"
    opened, closed = KeyChange(NOW - 9, "opened", key), KeyChange(NOW - 5, "closed", key)
    assert line_of(News(NOW, (opened, closed), LIVE)) == " since yesterday  tcp 9 was open for a while\n"
    assert line_of(News(NOW, (closed, opened), LIVE)) == " since yesterday  + tcp 9\n"
    assert line_of(News(NOW, (opened, replace(closed, kind="facts")), LIVE)) == " since yesterday  + tcp 9\n"


def test_an_older_look_says_its_day():
    assert line_of(News(NOW - 3 * past.DAY, (), LIVE - {kit.SSH.key})) == " since 2026-11-19  + tcp 22\n"


def test_many_are_counted():
    changes = tuple([KeyChange(NOW, "opened", f"tcp/public/{port}/exe:/x/host") for port in range(1, 9)])
    assert line_of(News(NOW, changes, LIVE)).endswith("tcp 5   and 4 more   hb history\n")


def test_what_is_open_wider_than_at_the_last_look():
    before = frozenset([past.BEFORE.key])
    assert line_of(News(NOW, (), before), frozenset([kit.REDIS.key])) == (
        " since yesterday  tcp 6379 this machine \u2192 everyone\n"
    )
    assert line_of(News(NOW, (), frozenset([kit.REDIS.key])), frozenset([kit.REDIS.key.replace("unit", "pkg")])) == ""


@pytest.mark.parametrize("width", [None, 80])
def test_strangers_text_is_harmless(width):
    openings = kit.hostile_look().openings
    changes = tuple([Change(NOW, "owner", one, two, NOW - 1) for one, two in pairwise(openings)])
    spans = tuple([Span("web-17", one, NOW, NOW, None, None) for one in openings])
    news = News(NOW, tuple([KeyChange(NOW, "opened", one.key) for one in openings]), frozenset())
    for page in (
        story.changes(replace(past.STORY, host="\x1b[2J", changes=changes), NOW, NOW),
        story.spans(replace(past.STORY, path="\x1b", spans=spans), "\x1b[31m", NOW),
        story.kept(replace(past.KEPT, changes=changes, path="\x1b"), NOW),
        Document((Fields(tuple(filter(None, [story.since_line(news, frozenset(), NOW)]))),)),
    ):
        assert is_safe(said(page, width))
