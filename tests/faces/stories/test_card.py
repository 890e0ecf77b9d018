"""A card tells who, what, since when and where, fits its screen, and shows strangers' names as they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.app.changing.test_review import verdict
from tests.baseline.seen import DB, NOW, SSH, WEB, opening, owner
from tests.faces.kit import is_safe, said

from hb_engine.app.changing.review import Card
from hb_engine.faces.stories import card as story
from hb_engine.model.record import replace
from hb_engine.model.report import Cause
from hb_engine.model.verdict import Judgement, Reason

JUDGED = replace(WEB, verdict=Judgement("medium", (Reason("clear-text-public", "medium", "http in clear"),)))
CARD = Card(
    WEB.key,
    JUDGED,
    verdict(JUDGED, "widened", "drift", "high"),
    ("web-17", "web-18"),
    NOW - 3600,
    (Cause(NOW - 3700, "nginx was installed", "/var/log/dpkg.log"),),
)


def test_a_card_tells_all_there_is_to_decide_by():
    told = said(story.tell(CARD, 2, 9, 1, NOW), 80)
    lines = told.split("\n")
    assert lines[0].startswith("tcp 443  everyone   widened")
    assert lines[0].endswith("2 of 9 · 1 written")
    assert " said     high: nobody decided" in told
    for words in ('pid 100, root, "nginx"', "package nginx 1.0", "0.0.0.0", "clear-text-public: http in clear",
                  "nginx was installed (/var/log/dpkg.log)", "1 hour ago", "web-17 and web-18"):  # fmt: skip
        assert words in told, words


def test_debt_is_called_by_what_it_is():
    told = said(story.tell(Card(SSH.key, SSH, verdict(SSH), ("a",)), 1, 1, 0, NOW), 80)
    assert told.startswith("tcp 22  everyone   not reviewed")
    assert "1 of 1" in told
    assert "written" not in told
    assert "since" not in told


def test_many_machines_are_counted():
    hosts = tuple([f"web-{number}" for number in range(12)])
    told = said(story.tell(replace(CARD, hosts=hosts), 1, 1, 0, NOW))
    assert "12 machines: web-0, web-1, web-2, web-3, web-4 ...\n" in told


def test_with_hardly_any_room_the_place_and_its_owner_are_left():
    told = said(story.tell(CARD, 1, 1, 0, NOW, rows=-1), 80)
    assert told.splitlines()[0].startswith("tcp 443  everyone   widened")
    assert [row.split()[0] for row in told.splitlines()[1:]] == ["who"]


@pytest.mark.parametrize("rows", [5, 8, 12, 20, None])
def test_what_is_least_needed_goes_first(rows):
    told = said(story.tell(CARD, 1, 1, 0, NOW, rows=rows), 80)
    for label in ("said", "who", "runs", "since", "on"):
        assert f"\n {label} " in told
    assert ("\n meant " in told) == ("\n meant " in said(story.tell(CARD, 1, 1, 0, NOW), 80) and rows in (20, None))
    if rows == 5:
        assert "\n reach " not in told


def test_what_is_cut_is_marked():
    long = replace(CARD, opening=opening(443, owner(cmdline=("/usr/sbin/nginx", "-D"))))
    told = said(story.tell(long, 1, 1, 0, NOW, rows=5), 80)
    assert "verified \u2026\n" in told
    assert "command line" not in told
    assert "\u2026" not in said(story.tell(long, 1, 1, 0, NOW), 80)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_width(width):
    told = said(story.tell(CARD, 1, 1, 0, NOW), width) + said(story.menu(), width)
    assert max(map(len, told.split("\n"))) <= width


def test_the_keys_are_named():
    assert said(story.menu(), 80) == ("\na allow   t temporary   f forbid   e explain   s skip   u undo   q quit\n")


def test_a_block_to_confirm_a_refusal_and_a_word():
    told = said(story.proposal('[[allow]]\nid = "a"\n', "writes it", ("it is still widened",)))
    assert '    [[allow]]\n    id = "a"\nnote: it is still widened\n' in told
    assert told.endswith("\nEnter writes it   o another owner   Esc back\n")
    assert said(story.refused("no", "do this")).startswith("\nno\ndo this\n\na allow")
    assert said(story.said("done")).startswith("\ndone\n\na allow")


def test_strangers_names_are_shown_as_they_are():
    odd = opening(9, owner("/opt/\x1b[2J", None, "\u202e.service", comm="\x07", user="\x9b"))
    told = said(story.tell(Card(odd.key, odd, verdict(odd), ("\x1b]0;x",)), 1, 1, 0, NOW), 80)
    assert is_safe(told)
    assert "\\x1b[2J" in told


def Session(cards, decided) -> Any:  # noqa: N802 - it stands for one
    """As much of a session as the end needs."""
    return SimpleNamespace(cards=cards, decided=decided, path="hb.d/accepted.toml", folder="hb.d")


class Did:
    """A decision that was written."""

    def __init__(self, name, kind="allow") -> None:
        rule = type("Rule", (), {"kind": kind, "id": name})
        self.edit = type("Edit", (), {"rules": (rule,)})


def test_the_end():
    told = said(story.end(Session([DB], []), 0, 0))
    assert told == "Nothing was written.\n"
    assert said(story.end(Session([DB], []), 1, 2)) == "Nothing was written. 1 skipped and 2 not looked at.\n"
    assert said(story.end(Session([], []), 0, 0)).startswith("Nothing waits for a decision")
    told = said(story.end(Session([DB, WEB], [Did("a"), Did("b", "forbid")]), 1, 0))
    assert told == (
        "2 rules written to hb.d/accepted.toml. 1 skipped.\n allow   a\n forbid  b\n"
        " next    git add -N hb.d; git diff hb.d · hb check\n"
    )
