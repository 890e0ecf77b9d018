"""Plain text is complete, aligned, escaped, and uses words where a terminal has symbols."""

from __future__ import annotations

import pytest
from tests.faces.kit import HOSTILE, LOOK, NOW, hostile_look, is_safe

from hb_engine.faces.cli import plain
from hb_engine.faces.document import Column, Document, Paragraph, Span, Table, line, mark
from hb_engine.faces.stories import listing, summary


def test_symbols_give_way_to_words():
    table = Table((Column("", "severity"), Column("port")), (((mark("critical"),), line("1703")),))
    assert plain.render(Document((table,))) == "severity  port\ncritical  1703\n"
    assert plain.show(mark("critical")).text == "critical"


def test_no_escape_sequence_is_written_whatever_the_style():
    told = Document((Paragraph(line(Span("x", "critical"), Span("y", "command"))),))
    assert plain.render(told) == "xy\n"


@pytest.mark.parametrize("name", HOSTILE)
def test_strangers_text_is_escaped_at_the_last_moment(name):
    told = plain.render(Document((Paragraph(line(Span(name))),)))
    assert is_safe(told)
    assert told.count("\n") == 1


def test_a_whole_machine_of_hostile_names_keeps_one_line_an_opening():
    look = hostile_look()
    told = plain.render(listing.tell(list(look.openings), NOW, wide=True))
    assert is_safe(told)
    assert told.count("\n") == len(look.openings) + 1


def test_other_encodings_get_ascii_with_columns_that_still_stand():
    told = plain.render(listing.tell(list(hostile_look().openings), NOW), unicode=False)
    assert told.isascii()
    assert "\\u9b54" in told
    assert plain.render(summary.tell(LOOK, NOW, 0.04), unicode=False).isascii()


def test_lines_end_without_spaces():
    told = plain.render(listing.tell(list(LOOK.openings), NOW, wide=True))
    assert not any(each.endswith(" ") for each in told.split("\n"))
