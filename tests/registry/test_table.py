"""The table finds its rows again, and notices when its parts do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.assignment import STATUSES, Assignment
from hb_engine.model.errors import DataError
from hb_engine.registry import table, tsv
from hb_engine.registry.table import Table

DATES = ("2026-09-17", "2015-07-24")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.text("abc-_./ \t\n\\", max_size=8).map(str.strip)


def made(name="a", first=1, last=None, transport="tcp", **more):
    more = {"as_of": DATES[0], "details_as_of": DATES[1]} | more
    return Assignment(name, transport, first, first if last is None else last, **more)


def loaded(rows):
    return Table(table.encode(rows, DATES[0], DATES[1], "a test"), "the test's table")


def test_every_oddity_comes_back(odd_rows, odd_file):
    found = Table(odd_file, "odd")
    assert sorted(found.assignments(*found.body), key=repr) == sorted(odd_rows, key=repr)
    assert (found.rows, found.names, found.details) == (len(odd_rows), "2026-02-13", "2026-02-13")


def test_single_numbers_ranges_and_names_lie_apart(odd_file):
    found = Table(odd_file, "odd")
    ranges = found.lines(*found.ranges)
    assert [row[:11] for row in ranges] == [b"00004-00005", b"06000-06063", b"07300-07359"]
    assert [row.split(b"\t")[2] for row in found.lines(*found.unnumbered)] == [b"rubygems"]


def test_singles_of_one_number_in_the_order_of_transports():
    rows = [
        made("u", 80, transport="udp"),
        made("z", 80),
        made("a", 80),
        made("any", 80, transport=None),
        made("n", 81),
    ]
    found = loaded(rows)
    assert [found.parse(row).name for row in found.singles(80)] == ["z", "a", "u", "any"]
    assert [found.parse(row).name for row in found.singles(81)] == ["n"]


@pytest.mark.parametrize("port", [0, 31, 32, 33, 63, 64, 1703, 49151])
def test_singles_at_the_edges_of_blocks(port):
    found = loaded([made(str(number), number) for number in (0, 31, 32, 33, 63, 64, 1703, 49151)])
    assert [found.parse(row).name for row in found.singles(port)] == [str(port)]


@pytest.mark.parametrize("port", [1, 30, 65, 1702, 1704, 49150, 49152, 65535])
def test_numbers_without_rows(port):
    found = loaded([made(str(number), number) for number in (0, 31, 64, 1703, 49151)])
    assert found.singles(port) == []


def test_blocks():
    found = loaded([made("a", 1), made("b", 31), made("c", 32)])
    assert [found.parse(row).name for row in found.block(0)] == ["a", "b"]
    assert [found.parse(row).name for row in found.block(1)] == ["c"]
    assert found.block(2) == found.block(-1) == []


def test_dates_of_each_row():
    rows = [made("both"), made("name only", 2, details_as_of=""), made("older", 3, as_of=DATES[1])]
    found = loaded(rows)
    assert list(found.assignments(*found.body)) == rows
    with pytest.raises(KeyError):
        loaded([made(as_of="1999-01-01")])


def test_contacts_that_are_the_assignee_are_written_short():
    data = table.encode([made(assignee="Somebody_Long", contact="Somebody_Long")], *DATES, "")
    assert data.count(b"Somebody_Long") == 1
    assert loaded([made(assignee="A", contact="A")]).parse(b"00001\ttcp\ta\t\t\t\t\tA\t=").contact == "A"


def test_the_same_rows_make_the_same_bytes(odd_rows):
    dates = ("2026-02-13", "2026-02-13")
    rows = [row for row in odd_rows if row.name]
    assert table.encode(rows, *dates, "x") == table.encode(list(rows), *dates, "x")


def test_an_empty_table():
    found = loaded([])
    assert (found.rows, found.singles(1), list(found.assignments(*found.body))) == (0, [], [])


@pytest.mark.parametrize(
    ("sections", "blocks"), [("1 2", "3"), ("1 2 3", "1"), ("0 0 0", "7"), ("x", "0"), ("0 0 0", "")]
)
def test_lengths_that_do_not_fit(sections, blocks):
    data = tsv.build(table.KIND, table.VERSION, [("sections", sections), ("blocks", blocks)], table.FIELDS, b"")
    with pytest.raises(DataError, match="test's"):
        Table(data, "the test's table")


@pytest.mark.parametrize("row", [b"", b"x", b"abc\ttcp\tname", b"00001\ttcp\tname\twrong-status"])
def test_rows_that_we_did_not_write(row):
    with pytest.raises(DataError, match="cannot be read"):
        loaded([]).parse(row)


@given(st.binary().filter(lambda data: b"\n" not in data))
def test_any_line_is_a_row_or_a_data_error(data):
    empty = loaded([])
    try:
        found = empty.parse(data)
    except DataError:
        return
    assert found.status in STATUSES


@pytest.mark.slow
@given(
    st.lists(
        st.builds(
            made,
            name=PLAIN,
            first=st.integers(0, 49151),
            transport=st.sampled_from(["tcp", "udp", "sctp", "dccp", None]),
            description=TEXT,
            assignee=TEXT,
            contact=TEXT.filter(lambda text: text != "="),
            registered=PLAIN,
            references=st.lists(st.text("RFC129", min_size=1), max_size=2).map(tuple),
            notes=TEXT,
            unauthorized=TEXT,
            status=st.sampled_from(STATUSES),
        ),
        max_size=6,
    )
)
def test_any_rows_come_back(rows):
    found = loaded(rows)
    assert sorted(found.assignments(*found.body), key=repr) == sorted(rows, key=repr)
    for row in rows:
        assert row in [found.parse(line) for line in found.singles(row.first)]
