"""What is kept of SANS ISC's counts, and that nobody is asked but by ask(). Numbers are made up."""

from __future__ import annotations

import json
import time

import pytest

from hb_engine.app.hub import scanned
from hb_engine.model.assignment import Pressure
from hb_engine.model.errors import BadInput, Unreachable
from hb_engine.registry import pressure


def keep(tmp_path, port, days):
    folder = tmp_path / "cache" / "hb-engine" / "isc"
    folder.mkdir(parents=True, exist_ok=True)
    value = {"format": 1, "port": port, "source": "", "days": days}
    (folder / f"isc-{port}.json").write_text(json.dumps(value))


@pytest.fixture(autouse=True)
def _nobody_is_reached(monkeypatch):
    monkeypatch.setenv("HB_ISC", "http://127.0.0.1:1/api/")
    monkeypatch.delenv("HB_MAIL", raising=False)


def today():
    return time.strftime("%Y-%m-%d", time.gmtime())


def test_nothing_is_kept_and_nobody_is_asked():
    assert scanned.kept(1703) == scanned.Kept(1703)


def test_what_is_kept_is_told_with_its_ports(tmp_path):
    keep(tmp_path, 1703, {today(): [312, 84, 41, time.time() - 60]})
    keep(tmp_path, 22, {"2001-01-01": [1, 1, 1, 5.0]})
    told = scanned.kept(1703)
    assert told.look is not None
    assert told.look.days == (Pressure(today(), 312, 84, 41),)
    assert told.look.from_cache
    assert told.look.attribution == pressure.ATTRIBUTION
    assert told.ports == (22, 1703)
    assert scanned.kept(22).look is None  # what is kept is too old to be shown


def test_whether_there_is_an_address_to_ask_with(monkeypatch):
    assert not scanned.kept(80).mail
    monkeypatch.setenv("HB_MAIL", "me@example.org")
    assert scanned.kept(80).mail


def test_without_an_address_nobody_is_asked():
    with pytest.raises(Unreachable, match="whom it can write to") as raised:
        scanned.ask(1703)
    assert "HB_MAIL" in raised.value.remedy


def test_a_service_that_cannot_be_reached_is_told(monkeypatch):
    monkeypatch.setenv("HB_MAIL", "me@example.org")
    with pytest.raises(Unreachable):
        scanned.ask(1703)


@pytest.mark.parametrize("port", [-1, 65536, "1703", None, True])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(BadInput):
        scanned.kept(port)
    with pytest.raises(BadInput):
        scanned.ask(port)


def test_port_0_has_no_counts():
    with pytest.raises(BadInput, match="port 0"):
        scanned.ask(0)


def test_without_a_cache_nothing_is_kept_and_nobody_asked(monkeypatch):
    monkeypatch.setattr("hb_engine.app.folders.cache", lambda: None)
    monkeypatch.setenv("HB_MAIL", "me@example.org")
    assert scanned.kept(1703) == scanned.Kept(1703, mail=True)
    with pytest.raises(Unreachable, match="no home folder"):
        scanned.ask(1703)
