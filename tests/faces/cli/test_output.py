"""Answers go where they should, as wide and as coloured as that place can show, and a full disk is an error."""

from __future__ import annotations

import os

import pytest
from tests.faces.kit import NOW, Full, Gone, Pipe, Terminal, output

from hb_engine.faces.cli.output import Output, standard
from hb_engine.faces.document import Document, Paragraph, Span, line
from hb_engine.model.errors import HbError

HELLO = Document((Paragraph(line(Span("hello ✗", "critical"))),))


def shown(stdout, **more):
    out = output(stdout, **more)
    out.show(HELLO)
    return stdout.getvalue()


def test_a_pipe_gets_plain_text_and_a_terminal_colours():
    assert shown(Pipe()) == "hello ✗\n"
    assert shown(Terminal()) == "\x1b[1;31mhello ✗\x1b[m\n"


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_is_left_out_where_it_is_not_wanted(environment):
    assert shown(Terminal(), **environment) == "hello ✗\n"


def test_an_empty_no_color_says_nothing():
    assert "\x1b" in shown(Terminal(), NO_COLOR="")


def test_no_term_at_all_is_no_place_for_colour():
    stdout = Terminal()
    Output(stdout, None, {}, now=NOW, size=lambda: (80, 24)).show(HELLO)
    assert "\x1b" not in stdout.getvalue()


@pytest.mark.parametrize("encoding", ["iso-8859-1", "ascii", "ANSI_X3.4-1968", "cp1252"])
@pytest.mark.parametrize("kind", [Pipe, Terminal])
def test_encodings_other_than_unicode_get_ascii(kind, encoding):
    stdout = kind()
    stdout.encoding = encoding
    assert "hello x" in shown(stdout, NO_COLOR="1")


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf_16"])
def test_every_spelling_of_unicode_is_known(encoding):
    stdout = Pipe()
    stdout.encoding = encoding
    assert shown(stdout) == "hello ✗\n"


SIZES = [
    ((120, 40), {}, (120, 40)),
    ((0, 0), {}, (80, 24)),
    ((10, 3), {}, (40, 10)),
    ((500, 90), {}, (200, 90)),
    ((120, 40), {"COLUMNS": "66", "LINES": "20"}, (66, 20)),
    ((120, 40), {"COLUMNS": "wide", "LINES": ""}, (120, 40)),
]


@pytest.mark.parametrize(("size", "environment", "used"), SIZES)
def test_the_terminal_s_size_is_used_within_reason(size, environment, used):
    out = output(Terminal(), size=size, **environment)
    assert (out.width(), out.height()) == used


def test_a_terminal_that_cannot_tell_its_size_is_80_by_24():
    def refuse():
        raise OSError

    out = Output(Terminal(), None, {}, now=NOW, size=refuse)
    assert (out.width(), out.height()) == (80, 24)


def rows(count):
    return Document(tuple(Paragraph(line(f"row {number}")) for number in range(count)))


def test_a_screen_is_filled_and_never_overfilled():
    stdout = Terminal()
    output(stdout, size=(80, 12)).show_fitting(lambda most: rows(min(most or 99, 30) + 3))
    assert 8 <= stdout.getvalue().count("\n") <= 11


def test_a_short_answer_is_shown_whole():
    stdout = Terminal()
    output(stdout).show_fitting(lambda most: rows(min(most or 99, 4)))
    assert stdout.getvalue().count("\n") == 4


def test_what_cannot_fit_is_shown_all_the_same():
    stdout = Terminal()
    output(stdout, size=(80, 10)).show_fitting(lambda _: rows(50))
    assert stdout.getvalue().count("\n") == 50


def test_a_pipe_has_no_last_line():
    stdout = Pipe()
    output(stdout).show_fitting(lambda most: rows(7 if most is None else 1))
    assert stdout.getvalue().count("\n") == 7


def test_a_full_disk_is_an_error_that_says_so():
    with pytest.raises(HbError, match="could not be written: No space left on device"):
        output(Full()).show(HELLO)


def test_a_reader_that_left_is_told_apart_from_a_full_disk():
    with pytest.raises(BrokenPipeError):
        output(Gone()).show(HELLO)


def test_no_standard_output_is_an_error_and_no_standard_error_is_none():
    with pytest.raises(HbError, match="no standard output"):
        Output(None, None, {}, now=NOW).write("x")
    Output(Pipe(), None, {}, now=NOW).remark(HELLO)


def test_remarks_go_to_stderr_and_never_fail():
    stdout, stderr = Pipe(), Pipe()
    output(stdout, stderr).remark(HELLO)
    assert (stdout.getvalue(), stderr.getvalue()) == ("", "hello ✗\n")
    out = output(Pipe(), Full())
    out.remark(HELLO)
    out.remark(HELLO)


def test_a_closed_stream_is_no_terminal():
    stdout = Terminal()
    stdout.close()
    stdout.isatty = lambda: (_ for _ in ()).throw(ValueError("closed"))  # type: ignore[method-assign]
    assert not output(stdout).terminal


def test_this_process_has_its_own(monkeypatch):
    monkeypatch.setenv("COLUMNS", "77")
    found = standard()
    assert found.width() == 77
    assert found.now > NOW - 10 * 365 * 86400
    assert os.environ["COLUMNS"] == "77"
