"""What was ever seen on a port, on one machine or on all of them."""

from __future__ import annotations

import pytest
from tests.store.kit import SSH, START, WEB, daemon, look

from hb_engine.app.hub.questions import Place, load, port_past
from hb_engine.app.hub.questions.port_past import Looked, answer
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput


@pytest.fixture(autouse=True)
def where(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))


def keep(after, *openings, host="web-17"):
    history.remember(look(after, *openings, host=host))


def test_it_is_a_question():
    assert load("port-past") == (port_past.QUESTION, answer)


def test_spans_of_all_machines_those_that_are_open_first():
    keep(0, SSH, WEB)
    keep(300, SSH)
    keep(100, daemon(443), host="db-3")
    told = answer(Place(), 443)
    assert [(one.host, one.opening.key, one.gone_at) for one in told.spans] == [
        ("db-3", daemon(443).key, None),
        ("web-17", WEB.key, START + 300),
    ]
    assert told.spans[1].first_seen == START
    assert told.machines == (
        Looked("db-3", START + 100, START + 100, 1),
        Looked("web-17", START, START + 300, 1),
    )
    assert (told.more, told.others) == (0, 0)


def test_where_nothing_was_seen_it_is_told_who_was_looked_at():
    keep(0, SSH)
    told = answer(Place(), 1703, "udp")
    assert (told.spans, told.machines) == ((), (Looked("web-17", START, START, 0),))


def test_one_transport_and_one_machine():
    keep(0, SSH, daemon(53, transport="udp"), daemon(53))
    keep(0, daemon(53), host="db-3")
    assert len(answer(Place(), 53).spans) == 3
    assert [one.opening.transport for one in answer(Place(), 53, "udp").spans] == ["udp"]
    assert [one.host for one in answer(Place(), 53, host="db-3").spans] == ["db-3"]


def test_spans_and_machines_are_cut_and_counted(monkeypatch):
    monkeypatch.setattr(port_past, "MOST", 3)
    monkeypatch.setattr(port_past, "MACHINES", 2)
    for turn in range(10):
        keep(turn * 300, SSH, *([WEB] if turn % 2 else []))
    for host in ("db-3", "db-4"):
        keep(0, WEB, host=host)
    told = answer(Place(), 443)
    assert (len(told.spans), told.more, told.others) == (2, 0, 1)
    whole = answer(Place(), 443, host="web-17")
    assert (len(whole.spans), whole.more) == (3, 2)


@pytest.mark.parametrize("words", [{"port": -1}, {"port": 65536}, {"port": 22, "transport": "icmp"},
                                   {"port": 22, "host": "nobody"}])  # fmt: skip
def test_what_there_is_not_is_refused(words):
    keep(0, SSH)
    with pytest.raises(BadInput):
        answer(Place(), **words)


def test_without_history_it_is_said_how_to_have_one():
    with pytest.raises(BadInput, match="no history yet"):
        answer(Place(), 22)
