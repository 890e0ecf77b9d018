"""The question that goes out to the network: only where it was asked for, and it names itself slow."""

from __future__ import annotations

import pytest

from hb_engine.app.hub.questions import Place, load
from hb_engine.model.errors import BadInput, Unreachable


def test_it_changes_no_rule_and_takes_its_time():
    question, _ = load("pressure")
    assert (question.name, question.writes, question.slow) == ("pressure", False, True)


def test_without_an_address_it_asks_nobody(monkeypatch):
    monkeypatch.delenv("HB_MAIL", raising=False)
    with pytest.raises(Unreachable, match="whom it can write to"):
        load("pressure")[1](Place(), port=1703)


@pytest.mark.parametrize("words", [{}, {"port": 0}, {"port": 65536}, {"port": "80"}, {"port": None}])
def test_what_is_no_port_is_refused(words):
    with pytest.raises(BadInput):
        load("pressure")[1](Place(), **words)
