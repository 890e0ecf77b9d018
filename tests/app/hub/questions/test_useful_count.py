"""The counts of every page that was judged."""

from __future__ import annotations

from hb_engine.app.hub.questions import Place, load
from hb_engine.app.hub.votes import Votes


def test_all_pages_are_told_the_latest_last():
    question, answer = load("useful-count")
    assert (question.name, question.writes) == ("useful-count", False)
    assert answer(Place()) == ()
    for port in (22, 80, 22):
        load("useful")[1](Place(), port=port, useful=True)
    assert answer(Place()) == (Votes(80, 1, 0), Votes(22, 2, 0))
