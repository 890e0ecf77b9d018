"""What the baseline says, as a remark beside an opening: in hb, in hb ls."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import LOOK, NOW, QUIET, said

from hb_engine.app.ruling.standing import Standing
from hb_engine.faces.stories import listing, ruling, summary
from hb_engine.model.baseline import Rule
from hb_engine.model.decision import WORDS, Decision

WEB = Rule("allow", "web-https", ())
PACKED = Rule("allow", "debian/dhcp", (), pack="debian")


def standing(opening, word="expected", rule=WEB, *, debt=False):
    return Standing(Decision(opening, word, rule), debt)


TOLD = {
    "expected": "rule web-https",
    "forbidden": "forbidden by rule web-https",
    "widened": "further than rule web-https allows",
    "owner-changed": "rule web-https is for another owner",
    "speaks-else": "rule web-https wants another service",
    "weakened": "weaker than rule web-https wants",
    "expired": "rule web-https has ended",
    "out-of-window": "outside the hours of rule web-https",
    "unseen": "rule web-https, if what was not seen fits",
    "unmatched": "no rule",
}


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_a_phrase(word):
    assert ruling.ruling(standing(kit.SSH, word)).text == TOLD[word]


def test_a_pack_is_named_as_one():
    assert ruling.ruling(standing(kit.DHCP, rule=PACKED)).text == "pack debian"


def test_debt_is_never_reviewed():
    assert ruling.ruling(standing(kit.SSH, "unmatched", None, debt=True)).text == "never reviewed"


def test_without_a_baseline_nothing_is_said():
    assert ruling.of(kit.SSH, None) == ()
    assert ruling.of(kit.SSH, {}) == ()


ALL = {one.key: standing(one) for one in LOOK.openings}


def page(look, standings):
    return said(summary.tell(look, NOW, 0.041, standings=standings))


def test_the_screen_says_it_after_what_is_quiet_and_before_what_is_odd():
    told = page(LOOK, {**ALL, kit.BACKDOOR.key: standing(kit.BACKDOOR, "unmatched", None)})
    assert "ssh.service                     ssh, rule web-https\n" in told
    assert "no rule; runs a deleted file from /dev/shm" in told
    assert "hb why 1703   hb check\n" in told


def test_what_is_left_out_may_be_all_expected():
    told = page(QUIET, {one.key: standing(one) for one in QUIET.openings})
    assert "1 on this machine only: all expected   hb ls" in told
    assert "hb check" not in told
    debt = {one.key: standing(one, "unmatched", None, debt=True) for one in QUIET.openings}
    assert "all expected" not in page(QUIET, debt)
    assert "hb check" in page(QUIET, debt)


def test_without_a_baseline_the_screen_is_as_it_was():
    assert page(LOOK, None) == said(summary.tell(LOOK, NOW, 0.041))


def test_a_listing_has_a_column_only_where_there_is_a_baseline():
    openings = list(QUIET.openings)
    bare = said(listing.tell(openings, NOW)).splitlines()
    told = said(listing.tell(openings, NOW, standings=ALL)).splitlines()
    assert bare[0].split()[-1:] == ["reasons"]
    assert told[0].split()[-2:] == ["rule", "reasons"]
    assert all("rule web-https" in line for line in told[1:])
