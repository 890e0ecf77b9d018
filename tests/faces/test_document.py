"""Documents are plain values; their helpers put nothing in that was not said."""

from __future__ import annotations

import pytest

from hb_engine.faces.document import MARKS, Span, command, line, listed, mark
from hb_engine.faces.text import ASCII
from hb_engine.model.verdict import SEVERITIES


def test_a_line_takes_strings_and_spans_and_leaves_out_nothing_at_all():
    assert line("a", "", Span("b", "dim")) == (Span("a"), Span("b", "dim"))
    assert line() == ()


def test_lines_are_joined_with_a_separator_between_them_only():
    joined = listed([line("a"), line("b", "c")], ", ")
    assert "".join(span.text for span in joined) == "a, bc"
    assert listed([]) == ()


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_severity_has_a_symbol_a_word_and_a_plain_form(severity):
    span = mark(severity)
    assert span.text == MARKS[severity]
    assert span.plain == severity
    assert ord(span.text) in ASCII


def test_the_symbols_differ_without_their_colours():
    assert len({MARKS["none"], MARKS["medium"], MARKS["critical"]}) == 3


def test_an_unknown_severity_is_still_said():
    assert mark("odd") == Span("○", "odd", "odd")


def test_a_command_is_marked_as_one():
    assert command("hb ls") == Span("hb ls", "command")


def test_documents_are_values():
    assert line("a") == line("a")
    with pytest.raises(AttributeError):
        line("a")[0].text = "b"  # type: ignore[misc]
