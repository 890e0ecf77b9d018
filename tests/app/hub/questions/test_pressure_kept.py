"""What is kept is told, whoever may ask."""

from __future__ import annotations

import pytest

from hb_engine.app.hub.questions import Place, load
from hb_engine.app.hub.scanned import Kept
from hb_engine.model.errors import BadInput


def test_nothing_is_kept(monkeypatch):
    monkeypatch.setenv("HB_MAIL", "me@example.org")
    question, answer = load("pressure-kept")
    assert (question.name, question.writes) == ("pressure-kept", False)
    assert answer(Place(), port=1703) == Kept(1703, mail=True)


@pytest.mark.parametrize("words", [{}, {"port": 65536}, {"port": "80"}])
def test_what_is_no_port_is_refused(words):
    with pytest.raises(BadInput):
        load("pressure-kept")[1](Place(), **words)
