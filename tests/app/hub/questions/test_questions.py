"""Questions are found by their files, and each says what it is."""

from __future__ import annotations

import inspect

import pytest

from hb_engine.app.hub import desk, questions
from hb_engine.app.hub.questions import Place, Question, load, names
from hb_engine.model.errors import BadInput

EVERY = names()


def test_there_are_some_by_the_names_of_their_files():
    assert {"machine-past", "port-past", "changes"} <= set(EVERY)
    assert list(EVERY) == sorted(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_each_is_named_as_its_file_and_takes_the_place_first(name):
    question, answer = load(name)
    assert isinstance(question, Question)
    assert question.name == name
    assert question.summary
    first, *words = inspect.signature(answer).parameters.values()
    assert first.name == "place"
    assert all(one.kind is not inspect.Parameter.VAR_POSITIONAL for one in words)


@pytest.mark.parametrize("name", [one for one in EVERY if load(one)[0].writes])
def test_what_writes_is_refused_by_the_desk_that_may_not(name):
    question, answer = load(name)
    with pytest.raises(BadInput, match="not started to write"):
        desk.check(question, answer, {}, writing=False)


@pytest.mark.parametrize(
    "name", ["", "nothing", "../desk", "machine_past", "__init__", "os", "machine-past.py", "a" * 99]
)
def test_what_there_is_not_is_refused_before_anything_is_imported(name, monkeypatch):
    monkeypatch.setattr("importlib.import_module", lambda *_: pytest.fail("imported"))
    with pytest.raises(BadInput, match="no question"):
        load(name)


def test_a_place_may_not_write_unless_it_is_said():
    assert Place() == Place(writing=False, baseline="", files=())
    assert questions.names() == EVERY
