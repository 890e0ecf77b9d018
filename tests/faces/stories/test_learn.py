"""The pages of hb learn: what is known now, and how far learning has come."""

from __future__ import annotations

import pytest
from tests.baseline.seen import DAY, DB, NOW, SSH, WEB, inventory
from tests.faces.kit import is_safe, said

from hb_engine.app.changing.learn import Taught, Where
from hb_engine.baseline.learning import Learned, Standing
from hb_engine.faces.stories import learn as story
from hb_engine.model.baseline import LockedHost, Observed
from hb_engine.model.decision import Decision
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason

HOST = LockedHost("web-17", "m", int(NOW), None, tuple([Observed(one.thread, one.scope) for one in (SSH, WEB, DB)]))
DONE = Taught("/srv/hb.d", inventory(SSH, WEB, DB), Learned(HOST), (), "/srv/hb.d/hb.toml", ("web",))


def test_what_was_made_and_what_is_next():
    assert said(story.taught(DONE, NOW)) == (
        "3 openings of web-17 known now.\n"
        " known  /srv/hb.lock\n"
        " made   /srv/hb.d/hb.toml; its packs: web\n"
        " next   hb review   go through what nobody decided yet\n"
        "        hb check    what differs from now on\n"
    )
    assert "no pack fits this machine" in said(story.taught(replace(DONE, packs=()), NOW))
    assert "made" not in said(story.taught(replace(DONE, made=""), NOW))


def test_what_came_and_went_is_named_up_to_a_few():
    added = tuple([f"tcp/{number}/x/host" for number in range(7)])
    told = said(story.taught(replace(DONE, learned=Learned(HOST, added, ("tcp/9/y/host",))), NOW))
    assert "new since the last time: tcp/0/x/host, tcp/1/x/host" in told
    assert "tcp/4/x/host and 2 more\n" in told
    assert "not there any more: tcp/9/y/host\n" in told
    first = replace(DONE, learned=Learned(HOST, tuple([one.thread for one in HOST.observed])))
    assert "new since" not in said(story.taught(first, NOW))  # the first time everything is


def test_another_machine_of_this_name_is_told():
    told = said(story.taught(replace(DONE, learned=Learned(HOST, other=True)), NOW))
    assert "it held another machine of this name, which is forgotten now\n" in told


def test_what_rules_say_and_what_is_odd():
    decisions = (Decision(SSH, "expected"), Decision(WEB, "forbidden"), Decision(DB, "unmatched"))
    told = said(story.taught(replace(DONE, decisions=decisions), NOW))
    assert " of these  1 covered by rules, 1 forbidden and 1 to be reviewed: debt until then\n" in told
    odd = replace(DB, verdict=Judgement("critical", (Reason("x", "critical", "y"),)))
    told = said(story.taught(replace(DONE, decisions=decisions, seen=inventory(odd)), NOW))
    assert "1 opening is odd and never quiet: look first\n" in told


def test_what_could_not_be_seen_is_told():
    seen = replace(inventory(SSH), coverage=Coverage(False, (), (Gap("owners", "not yours", "run as root"),)))
    assert " unseen  owners: not yours (run as root)\n" in said(story.taught(replace(DONE, seen=seen, made=""), NOW))


def test_learning_for_a_while_lives_on_looks():
    host = replace(HOST, learning_until=int(NOW + 14 * DAY))
    told = said(story.taught(replace(DONE, learned=Learned(host)), NOW))
    assert told.startswith("3 openings of web-17 known now, and what comes until 2026-12-06 14:05 will be.\n")
    assert "hb record --timer" in told
    assert "then hb propose" in told


FAR = Standing(int(NOW), int(NOW + 14 * DAY), 5, 400, 12, 9, NOW + 5 * DAY, NOW + 2 * DAY)


@pytest.mark.parametrize(
    ("standing", "now", "words"),
    [
        (FAR, NOW + 5 * DAY + 60, ("web-17 is learning: 8 days to go.", "400, on 5 days, the last 1 minute ago",
                                   "12 openings, 9 of them in 95 % of looks", "new came 3 days ago", "come back")),
        (FAR, NOW + 20 * DAY, ("web-17 has learned: that ended 6 days ago.", "next  hb propose · hb review")),
        (replace(FAR, until=None), NOW + DAY, ("web-17 learned once, 1 day ago.",)),
        (Standing(int(NOW), int(NOW + DAY), 0, 0, 0, 0), NOW + 60, ("none since: nothing is learned between looks",)),
        (None, NOW, ("web-17 has not begun to learn.", "next  hb learn --now")),
    ],
)  # fmt: skip
def test_how_far_it_is(standing, now, words):
    told = said(story.standing(Where("hb.d", "web-17", standing), now))
    for each in words:
        assert each in told


def test_strangers_names_and_every_width():
    odd = replace(DONE, learned=Learned(HOST, ("tcp/1/comm:\x1b[2J/host",)))
    for width in (None, 40, 80, 200):
        told = said(story.taught(odd, NOW), width)
        assert is_safe(told)
        assert width is None or max(map(len, told.split("\n"))) <= width
