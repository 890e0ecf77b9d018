"""What a port is for and what is there: by number, transport, name and words; with trouble on every side."""

from __future__ import annotations

import pytest
from tests.kit.sockets import in_namespace, needs_root, tcp

from hb_engine.app.looking import port
from hb_engine.model.errors import BadInput, CannotLook, Unreachable


@pytest.fixture(autouse=True)
def folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_1703():
    found = port.page("1703")
    assert found.page is not None
    assert [(row.name, row.transport) for row in found.page.assignments] == [("hb-engine", "tcp"), ("hb-engine", "udp")]
    assert [(claim.name, claim.confidence) for claim in found.page.threats] == [("Exploiter", "medium")]
    assert found.page.range.name == "user"
    assert found.coverage is not None
    assert found.openings == ()


@pytest.mark.parametrize(
    ("asked", "number", "transport"),
    [("tcp/443", 443, "tcp"), ("443/udp", 443, "udp"), ("hb-engine", 1703, None), ("postgresql", 5432, None)],
)
def test_one_port_by_number_transport_or_name(asked, number, transport):
    found = port.page(asked)
    assert found.page is not None
    assert (found.page.port, found.transport) == (number, transport)


def test_dynamic_ports_have_a_page_too():
    found = port.page("50000")
    assert found.page is not None
    assert [row.status for row in found.page.assignments] == ["dynamic"]


def test_words_lead_to_rows_and_a_slip_to_near_names():
    assert any(row.name == "printer" for row in port.page("line printer").matches)
    found = port.page("htps")
    assert (found.page, found.matches) == (None, ())
    assert "https" in found.suggestions


@pytest.mark.parametrize("asked", ["0", "65536", "-1", "tcp/", "abc/99", "", "a\x1b[2Jb"])
def test_bad_input_is_told_without_its_bytes(asked):
    with pytest.raises(BadInput) as raised:
        port.page(asked)
    assert raised.value.remedy
    assert "\x1b" not in raised.value.message


def test_where_nobody_can_look_the_registry_still_answers(monkeypatch):
    def refuse(ports):
        raise CannotLook("/proc is not there", "mount it")

    monkeypatch.setattr(port, "collect", refuse)
    found = port.page("22")
    assert found.page is not None
    assert (found.openings, found.problem) == (None, "/proc is not there mount it")


def test_a_broken_file_of_the_persons_is_said_and_passed_over(tmp_path):
    folder = tmp_path / "data" / "hb-engine"
    folder.mkdir(parents=True)
    (folder / "assignments.tsv").write_text("half writ")
    found = port.page("1703")
    assert found.page is not None
    assert found.page.origin == "packaged"
    assert "hb update" in found.problem


def test_pressure_is_not_asked_for_without_a_contact(monkeypatch):
    monkeypatch.delenv(port.MAIL, raising=False)
    with pytest.raises(Unreachable) as raised:
        port.pressure(1703)
    assert port.MAIL in raised.value.remedy


@pytest.mark.root
@pytest.mark.slow
def test_what_is_there_now():
    needs_root()

    def work():
        with tcp(1703):
            found = port.page("1703")
            assert found.openings is not None
            assert [(one.transport, one.port) for one in found.openings] == [("tcp", 1703)]
            assert port.page("udp/1703").openings == ()

    in_namespace(work)
