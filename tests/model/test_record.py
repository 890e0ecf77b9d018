"""Records behave as the frozen dataclasses that they stand for."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.record import fields_of, items, record, replace


@record
class Point:
    """A value to try things on."""

    x: int
    y: int = 0
    tags: tuple[str, ...] = ()

    @property
    def sum(self) -> int:
        return self.x + self.y


@record
class Other:
    x: int
    y: int = 0
    tags: tuple[str, ...] = ()


@record
class Empty:
    pass


def test_fields_are_set_in_order_and_by_name():
    assert (Point(1, 2).x, Point(1, y=2).y, Point(x=1).tags) == (1, 2, ())
    assert Point(1, 2).sum == 3
    assert fields_of(Point(1)) == ("x", "y", "tags")
    assert dict(items(Point(1))) == {"x": 1, "y": 0, "tags": ()}


def test_a_record_keeps_its_name_and_docstring():
    assert (Point.__name__, Point.__doc__) == ("Point", "A value to try things on.")
    assert repr(Point(1, tags=("a",))) == "Point(x=1, y=0, tags=('a',))"


def test_equal_values_are_equal_and_hash_alike():
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1) != Other(1)  # type: ignore[comparison-overlap]
    assert len({Point(1), Point(1), Point(2), Other(1)}) == 3


def test_a_record_cannot_be_changed():
    point = Point(1)
    with pytest.raises(AttributeError, match="frozen"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del point.x
    with pytest.raises(AttributeError):
        point.z = 3  # type: ignore[attr-defined]


def test_replace_makes_a_changed_copy():
    assert replace(Point(1, 2), y=3) == Point(1, 3)
    with pytest.raises(TypeError):
        replace(Point(1), z=3)


@pytest.mark.parametrize("arguments", [(), (1, 2, (), 4)])
def test_wrong_arguments_are_refused(arguments):
    with pytest.raises(TypeError):
        Point(*arguments)


def test_a_mutable_default_is_refused():
    with pytest.raises(TypeError, match="mutable"):

        @record
        class Shared:
            names: list[str] = []  # noqa: RUF012 -- the mistake under test


def test_a_record_without_fields():
    assert Empty() == Empty()


def test_patterns_match():
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


@given(st.integers(), st.integers(), st.lists(st.text()).map(tuple))
def test_a_pickled_record_comes_back(x, y, tags):
    assert pickle.loads(pickle.dumps(Point(x, y, tags))) == Point(x, y, tags)  # noqa: S301 -- our own bytes
