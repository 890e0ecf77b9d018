"""Documents laid out: every line fits, nothing is lost where nothing has to be, and columns stand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.faces.cli.layout import clip_line, fit, lay_out, line_width, wrap
from hb_engine.faces.document import (
    Blank,
    Column,
    Document,
    Field,
    Fields,
    Headline,
    Paragraph,
    Span,
    Table,
    command,
    line,
)

WORDS = st.lists(st.text("abcdef", min_size=1, max_size=12), min_size=1, max_size=30).map(" ".join)
CELLS = st.text("ab 日", max_size=40)


def show(span):
    return span


def texts(*blocks, width=None):
    return ["".join(span.text for span in told) for told in lay_out(Document(blocks), show, width)]


def test_a_headline_stands_at_both_edges_where_there_is_room():
    head = Headline(line("left"), line("right"))
    assert texts(head, width=20) == ["left           right"]
    assert texts(head, width=11) == ["left  right"]
    assert texts(head, width=10) == ["left", " right"]
    assert texts(head) == ["left", "right"]
    assert texts(Headline(line("left")), width=20) == ["left"]


def test_a_paragraph_is_wrapped_at_spaces():
    words = "hb looks at this machine and tells what is open"
    assert texts(Paragraph(line(words)), width=20) == ["hb looks at this", "machine and tells", "what is open"]
    assert texts(Paragraph(line(words), 2), width=22)[1] == "  machine and tells"
    assert texts(Paragraph(line(words))) == [words]


def test_spans_that_touch_are_one_word():
    told = line("a" * 10, Span(" "), Span("b" * 8, "strong"), ", and so on")
    assert texts(Paragraph(told), width=20) == ["a" * 10 + " " + "b" * 8 + ",", "and so on"]
    told = line("a" * 12, Span(" "), Span("b" * 7, "strong"), ", and so on")
    assert texts(Paragraph(told), width=20) == ["a" * 12, "b" * 7 + ", and so on"]


def test_a_word_longer_than_the_line_is_cut_to_pieces():
    assert texts(Paragraph(line("x" * 45)), width=20) == ["x" * 20, "x" * 20, "x" * 5]
    assert texts(Paragraph(line("日" * 15)), width=20) == ["日" * 10, "日" * 5]


def test_a_command_is_never_broken():
    typed = "nft add rule inet filter input tcp dport 1703 drop"
    told = texts(Paragraph(line("cut it off   ", command(typed))), width=30)
    assert told == ["cut it off", typed]
    assert texts(Paragraph(line("do ", command("hb ls"))), width=30) == ["do hb ls"]


def test_a_numbered_step_goes_on_below_its_text():
    step = line(Span("1  ", "number"), "bind it to one address and start it again")
    assert texts(Paragraph(step), width=24) == ["1  bind it to one", "   address and start it", "   again"]


@given(WORDS, st.integers(20, 60))
def test_wrapping_loses_no_word_and_no_line_is_too_long(words, width):
    told = texts(Paragraph(line(words)), width=width)
    assert " ".join(told).split() == words.split()
    assert all(len(each) <= width for each in told)


def test_labels_share_a_column_and_further_lines_hang_under_the_first():
    fields = Fields((Field("who", (line("pid 1"), line("pid 2"))), Field("came by", (line("cron"),))))
    assert texts(fields) == [" who      pid 1", "          pid 2", " came by  cron"]
    long = Fields((Field("who", (line("one two three four five six"),)),))
    assert texts(long, width=24) == [" who  one two three four", "      five six"]


def test_a_field_without_lines_and_a_blank():
    assert texts(Fields((Field("who", ()),))) == []
    assert texts(Fields(())) == []
    assert texts(Blank()) == [""]


PLAIN = Table(
    (Column("name"), Column("port", align="right"), Column("what")),
    ((line("ssh"), line("22"), line("secure")), (line("redis"), line("6379"), line(""))),
)


def test_columns_are_aligned_and_lines_end_without_spaces():
    assert texts(PLAIN) == ["name   port  what", "ssh      22  secure", "redis  6379"]
    assert texts(PLAIN, width=40)[1] == " ssh      22  secure"
    assert texts(Table(PLAIN.columns, PLAIN.rows, header=False))[0] == "ssh      22  secure"


def test_a_column_without_content_is_left_out():
    table = Table((Column(""), Column("b")), ((line(""), line("x")),), header=False)
    assert texts(table, width=20) == [" x"]
    assert texts(Table((), ())) == []


def test_without_a_width_nothing_is_cut_and_one_long_cell_moves_only_its_own_row():
    table = Table((Column("a"), Column("b")), ((line("x" * 300), line("1")), (line("y"), line("2"))), header=False)
    assert texts(table) == ["x" * 300 + "  1", "y  2"]


def test_a_column_of_nothing_but_long_cells_is_still_shown():
    table = Table((Column(""), Column("")), ((line("WORD"), line("w " * 50)),), header=False)
    assert texts(table) == ["WORD  " + "w " * 50]


def test_the_highest_drop_goes_first_then_flexible_columns_shrink():
    columns = (Column("keep"), Column("first", drop=2), Column("second", drop=1), Column("f", flexible=True, least=4))
    assert fit(columns, [10, 10, 10, 10], 60) == ([0, 1, 2, 3], [10, 10, 10, 10])
    assert fit(columns, [10, 10, 10, 10], 45) == ([0, 1, 2, 3], [10, 10, 10, 8])
    assert fit(columns, [10, 10, 10, 10], 36) == ([0, 2, 3], [10, 10, 10])
    assert fit(columns, [10, 10, 10, 10], 20) == ([0, 3], [10, 7])
    assert fit(columns, [10, 10, 10, 10], 5) == ([0, 3], [10, 4])
    assert fit(columns, [10, 0, 10, 10], None) == ([0, 2, 3], [10, 10, 10])


FLOW = (Column("port"), Column("what", flexible=True, least=5, flow=True))


def test_a_flowing_cell_goes_on_in_its_column_or_below_the_row():
    rows = ((line("22"), line("word " * 12)),)
    beside = texts(Table(FLOW, rows, header=False), width=40)
    assert beside[0].startswith(" 22  word word")
    assert beside[1].startswith("     word")
    below = texts(Table(FLOW, rows, header=False), width=30)
    assert below[0] == " 22"
    assert below[1].startswith("      word")


def test_a_flowing_cell_says_where_it_stops():
    rows = ((line("22"), line("word " * 60)),)
    told = texts(Table(FLOW, rows, header=False), width=40)
    assert len(told) == 3
    assert told[-1].endswith("…")
    assert all(len(each) <= 40 for each in told)


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.integers(40, 200))
def test_every_line_of_a_table_fits(rows, width):
    columns = (Column("a", flexible=True), Column("b", drop=1), Column("c", flexible=True, flow=True))
    for told in lay_out(
        Document((Table(columns, tuple((line(a), line(b), line(c)) for a, b, c in rows)),)), show, width
    ):
        assert line_width(told) <= width


def test_a_line_of_several_spans_is_clipped_where_it_ends():
    told = line("abc", Span("def", "strong"))
    assert clip_line(told, 6) == told
    assert clip_line(told, 5) == (Span("abc"), Span("d…", "strong"))
    assert clip_line(told, 3) == (Span("ab…"),)
    assert clip_line(told, 0) == (Span(""),)


def test_wrapping_keeps_styles():
    told = list(wrap(line("plain ", Span("strong words here", "strong")), 16, 0, 0))
    assert [span.style for span in told[1] if span.text.strip()] == ["strong", "strong"]
