"""A scan's plan reads the databases of others before anything is sent, and says what is wrong with them."""

from __future__ import annotations

import pytest

from hb_engine.app.scanning.scan import Request, plan
from hb_engine.identify.opinions import Opinions
from hb_engine.model.errors import BadInput, DataError


def request(**more):
    return Request(targets=("127.0.0.1",), ports="7", engine="connect", **more)


def test_without_a_database_there_are_no_opinions():
    assert plan(request()).opinions is None


def test_a_plan_carries_what_was_loaded(tmp_path):
    (tmp_path / "probes").write_bytes(b"Probe TCP NULL q||\nmatch a m|^a|\n")
    (tmp_path / "a.xml").write_text("<fingerprints matches='ssh.banner'/>")
    made = plan(request(nmap_probes=str(tmp_path / "probes"), recog=str(tmp_path))).opinions
    assert isinstance(made, Opinions)
    assert made.nmap is not None
    assert made.recog is not None
    assert made.patience._process is None  # nothing is begun for a plan that nobody may say yes to


@pytest.mark.parametrize("option", ["nmap_probes", "recog"])
def test_a_file_that_is_not_there(tmp_path, option):
    with pytest.raises(BadInput):
        plan(request(**{option: str(tmp_path / "missing")}))


@pytest.mark.parametrize("option", ["nmap_probes", "recog"])
def test_a_file_of_another_kind(tmp_path, option):
    (tmp_path / "other").write_text("words\n")
    with pytest.raises(DataError, match="other:1:"):
        plan(request(**{option: str(tmp_path / "other")}))


def test_opinions_on_services_that_are_not_asked(tmp_path):
    with pytest.raises(BadInput, match="--no-identify"):
        plan(request(recog=str(tmp_path), identify=False))
