"""One judgement of a page, by whoever may look."""

from __future__ import annotations

import pytest

from hb_engine.app.hub.questions import Place, load
from hb_engine.app.hub.votes import Votes
from hb_engine.model.errors import BadInput


def test_it_is_counted_without_the_right_to_write():
    question, answer = load("useful")
    assert (question.name, question.writes) == ("useful", False)
    assert answer(Place(writing=False), port=1703, useful=True) == Votes(1703, 1, 0)
    assert answer(Place(writing=False), port=1703, useful=False) == Votes(1703, 1, 1)


@pytest.mark.parametrize(
    "words", [{}, {"port": 1}, {"useful": True}, {"port": 1, "useful": "yes"}, {"port": 70000, "useful": True}]
)
def test_what_is_no_judgement_is_refused(words):
    with pytest.raises(BadInput):
        load("useful")[1](Place(), **words)
