"""The nouns of history are values: what is not known is None, and words are from closed lists."""

from __future__ import annotations

import pytest
from tests.faces.kit import SSH

from hb_engine.model.history import CHANGES, Change, KeyChange, Look, Moment, News, Presence, Span
from hb_engine.model.record import fields_of, replace


def test_what_is_not_known_is_none():
    span = Span("web-17", SSH, 1.0, 2.0)
    assert (span.before, span.gone_at) == (None, None)
    assert (Change(1.0, "opened", SSH).previous, Change(1.0, "opened", SSH).after) == (None, None)
    assert Moment(1.0, Look(1, "web-17", 1.0), ()).until is None
    assert News(None) == News(None, (), frozenset())
    assert KeyChange(1.0, "closed", SSH.key).was is None


def test_they_are_values():
    one = Presence(SSH, 1.0, 2.0, 3, 4, 5, 6)
    assert one == replace(one)
    assert one != replace(one, shown=2)
    with pytest.raises(AttributeError):
        one.shown = 5  # type: ignore[misc]
    assert hash(Look(1, "a", 1.0)) == hash(Look(1, "a", 1.0))


def test_every_kind_of_change_has_its_colour():
    from hb_engine.faces.stories.history import STYLES

    assert set(STYLES) == set(CHANGES)
    assert fields_of(Change(1.0, "opened", SSH))[1] == "kind"
