"""A terminal's text fits its width, means the same without colour, and holds no sequence but our own SGR."""

from __future__ import annotations

import re
import unicodedata

import pytest
from tests.faces import kit
from tests.faces.kit import HOSTILE, LOOK, NOW, hostile_look, is_safe

from hb_engine.faces.cli import pretty
from hb_engine.faces.document import MARKS, Document, Paragraph, Span, line
from hb_engine.faces.stories import listing, port, summary, why
from hb_engine.faces.text import width

SGR = re.compile(r"\x1b\[[0-9;]*m")
PAGES = {
    "summary": summary.tell(LOOK, NOW, 0.041),
    "unprivileged": summary.tell(kit.unprivileged(), NOW, 0.041),
    "listing": listing.tell(list(LOOK.openings), NOW),
    "why": why.tell(kit.story("1703", "tcp", 1703, kit.ROOT, (kit.BACKDOOR,), kit.PAGE, kit.DETAILS), NOW),
    "port": port.tell(kit.Found("80", kit.PAGE_80, openings=(), coverage=kit.ROOT)),
    "hostile summary": summary.tell(hostile_look(), NOW, 0.041),
    "hostile listing": listing.tell(list(hostile_look().openings), NOW),
}


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("page", PAGES)
def test_no_line_is_wider_than_the_terminal(page, columns):
    for told in pretty.render(PAGES[page], columns, colour=False).split("\n"):
        assert width(told) <= columns or "nft " in told or "cp /proc" in told or "crontab" in told


@pytest.mark.parametrize("page", PAGES)
def test_only_our_own_sequences_are_written(page):
    coloured = pretty.render(PAGES[page], 100, colour=True)
    bare = SGR.sub("", coloured)
    assert bare == pretty.render(PAGES[page], 100, colour=False)
    assert is_safe(bare)
    assert "\x1b[" in coloured


@pytest.mark.parametrize("name", HOSTILE)
def test_strangers_text_never_brings_a_sequence(name):
    coloured = pretty.render(Document((Paragraph((Span(name, "critical"),)),)), 80, colour=True)
    assert is_safe(SGR.sub("", coloured))


def test_each_sequence_is_closed_before_the_line_ends():
    for told in pretty.render(PAGES["why"], 100, colour=True).split("\n"):
        codes = SGR.findall(told)
        assert codes[1::2] == ["\x1b[m"] * (len(codes) // 2)


def test_what_colour_says_is_said_in_words_or_symbols_too():
    told = pretty.render(PAGES["summary"], 100, colour=False)
    assert MARKS["critical"] in told
    assert "2 need a look" in told


def test_ascii_terminals_get_ascii():
    told = pretty.render(PAGES["summary"], 60, colour=False, unicode=False)
    assert told.isascii()
    assert " x  tcp     1703" in told
    assert "~" in told  # the ellipsis of what was cut
    assert all(len(each) <= 60 for each in told.split("\n"))


def test_wide_characters_are_counted_as_terminals_count_them():
    told = pretty.render(PAGES["hostile summary"], 60, colour=False)
    for each in told.split("\n"):
        columns = sum(
            0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in each
        )
        assert columns <= 60


def test_spaces_carry_no_sequence():
    assert pretty.paint(line(Span("  ", "strong"), "x"), colour=True) == "  x"
