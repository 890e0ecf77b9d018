"""The tree of errors: what catches what, and that none of them loses its words."""

from __future__ import annotations

import pickle

import pytest

from hb_engine.model import errors
from hb_engine.model.errors import BadInput, CannotLook, DataError, HbError, TooSoon, Truncated, Unreachable

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


def test_all_are_of_one_tree():
    assert {BadInput, DataError, CannotLook, Truncated, Unreachable, TooSoon} == set(KINDS) - {HbError}
    assert all(issubclass(kind, HbError) for kind in KINDS)


@pytest.mark.parametrize(("kind", "parent"), [(Truncated, CannotLook), (TooSoon, Unreachable)])
def test_a_special_case_is_caught_as_the_general_one(kind, parent):
    with pytest.raises(parent):
        raise kind("what happened")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_happened_and_what_to_do(kind):
    error = kind("port 65536 is too large", "Type a port from 1 to 65535.")
    assert (error.message, error.remedy) == ("port 65536 is too large", "Type a port from 1 to 65535.")
    assert str(error) == error.message
    assert kind("no remedy").remedy == ""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_strangers_bytes_in_a_message_break_nothing(kind):
    assert str(kind("process \udcff\x1b")) == "process \udcff\x1b"


def test_the_message_survives_another_process():
    again = pickle.loads(pickle.dumps(CannotLook("refused", "run hb as root")))  # noqa: S301 - our own bytes
    assert (type(again), again.message) == (CannotLook, "refused")


def test_every_error_is_in_the_picture():
    assert errors.__doc__ is not None
    assert all(kind.__name__ in errors.__doc__ for kind in KINDS)
