"""Searching lists: both ways of it find the same lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.packages.lists import FEW, _all, _each, lines_ending

DATA = b"/.\n/usr\n/usr/bin\n/usr/bin/dash\n/bin/dash\n/usr/share/doc/dash\n/usr/bin/mydash\n/usr/bin/dash2\n"


def test_lines_that_end_in_a_name():
    assert list(lines_ending([("dash", DATA)], [b"dash"])) == [
        ("dash", b"/usr/bin/dash"),
        ("dash", b"/bin/dash"),
        ("dash", b"/usr/share/doc/dash"),
    ]


def test_many_names_and_few_names_find_the_same():
    lists = [("one", DATA), ("two", b"/opt/x\n/opt/dash\n")]
    names = [b"dash", b"x", b"dash2"]
    few = list(lines_ending(lists, names))
    many = list(lines_ending(lists, names + [b"nothing%d" % n for n in range(FEW)]))
    assert sorted(few) == sorted(many)
    assert len(few) == 6


def test_a_last_line_without_its_end_counts():
    assert list(lines_ending([("a", b"/x/y\n/x/z")], [b"z"])) == [("a", b"/x/z")]


def test_names_that_no_line_can_hold():
    assert list(lines_ending([("a", DATA)], [b"", b"a\nb", b"bin/dash"])) == []
    assert list(lines_ending([("a", DATA)], [])) == []


def test_no_list_is_read_when_nothing_is_wanted():
    def lists():
        raise AssertionError("read")
        yield ("", b"")

    assert list(lines_ending(lists(), [b""])) == []


WORDS = st.binary(min_size=1, max_size=3).filter(lambda w: b"\n" not in w and b"/" not in w)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3)), st.frozensets(WORDS, max_size=4))
def test_both_ways_agree_on_any_list(paths, wanted):
    data = b"".join(b"/" + b"/".join(parts) + b"\n" for parts in paths)
    expected = [b"/" + b"/".join(parts) for parts in paths if parts[-1] in wanted]
    assert sorted(_each(data, wanted)) == sorted(expected)
    assert sorted(_all(data, wanted)) == sorted(expected)


@given(st.binary(max_size=60), st.frozensets(WORDS, max_size=3))
def test_both_ways_agree_on_any_bytes(data, wanted):
    assert sorted(_each(data, wanted)) == sorted(_all(data, wanted))
