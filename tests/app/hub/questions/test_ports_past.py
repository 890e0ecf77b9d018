"""Which ports have a past at all."""

from __future__ import annotations

import pytest
from tests.store.kit import SSH, START, WEB, daemon, look

from hb_engine.app.hub.questions import Place, load, port_past, ports_past
from hb_engine.app.hub.questions.port_past import Looked
from hb_engine.app.hub.questions.ports_past import PortsPast, answer
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput


@pytest.fixture(autouse=True)
def where(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))


def keep(after, *openings, host="web-17"):
    history.remember(look(after, *openings, host=host))


def test_it_is_a_question():
    assert load("ports-past") == (ports_past.QUESTION, answer)


def test_without_a_history_that_is_said():
    with pytest.raises(BadInput, match="history"):
        answer(Place())


def test_ports_of_all_machines_also_those_that_have_gone():
    keep(0, SSH, WEB)
    keep(300, SSH)
    keep(100, daemon(53, transport="udp"), SSH, host="db-3")
    looked = (Looked("db-3", START + 100, START + 100), Looked("web-17", START, START + 300))
    assert answer(Place()) == PortsPast((22, 53, 443), looked)


def test_a_port_that_is_not_named_has_no_past():
    """What is left unasked because of this answer would have been told as nothing."""
    keep(0, SSH, WEB)
    keep(0, daemon(8080), host="db-3")
    told = answer(Place())
    for port in (0, 22, 53, 443, 8080, 65535):
        one = port_past.answer(Place(), port)
        assert bool(one.spans) == (port in told.ports)
        if not one.spans:
            assert (one.machines, one.others) == (told.machines, told.others)


def test_machines_are_bounded_as_they_are_for_one_port(monkeypatch):
    monkeypatch.setattr(port_past, "MACHINES", 1)
    monkeypatch.setattr(ports_past, "MACHINES", 1)
    keep(0, SSH)
    keep(0, daemon(8080), host="db-3")
    told = answer(Place())
    assert (told.ports, [one.host for one in told.machines], told.others) == ((8080,), ["db-3"], 1)
    one = port_past.answer(Place(), 22)
    assert (one.spans, one.machines, one.others) == ((), told.machines, told.others)
