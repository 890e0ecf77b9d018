"""Claims about ports: sourced, careful in their words, and quick to find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.registry import threats, tsv
from hb_engine.registry.threats import FIELDS, KIND, VERSION, Threats, sentence


@pytest.fixture(scope="module")
def known():
    return Threats.open()


def made(*rows):
    body = b"".join(tsv.line(row) for row in rows)
    return Threats(tsv.build(KIND, VERSION, [("as_of", "2026-11-22")], FIELDS, body), "the test's claims")


ROW = ["00080", "tcp", "scan", "worm", "high", "Code Red", "windows", "2001", "https://example.org/", "read", ""]


def test_exploiter(known):
    (claim,) = known.threats(1703)
    assert (claim.name, claim.transport, claim.first, claim.last) == ("Exploiter", "tcp", 1703, 1703)
    assert (claim.kind, claim.direction, claim.confidence) == ("trojan", "listen", "medium")
    assert claim.source == "http://www.simovits.com/trojans/trojans.html"
    assert claim.evidence == "in the lists of Bekkoame and Nessus and Simovits"
    assert known.threats(1703, "udp") == ()
    assert known.threats(1703, "tcp") == (claim,)


def test_how_it_is_said(known):
    (claim,) = known.threats(1703)
    text = sentence(claim)
    assert text == "1703/tcp has been listed as a trojan (Exploiter), waiting on this port; confidence medium"


@pytest.mark.slow
def test_nothing_is_ever_infected(known):
    for port in range(65536):
        for claim in known.threats(port):
            assert "has been listed as" in sentence(claim)
            assert "infected" not in sentence(claim)
            assert claim.source.startswith(("http://", "https://"))
            assert claim.direction in ("listen", "outbound", "scan")
            assert claim.confidence in threats.CONFIDENCE
            assert claim.kind in threats.SORTS
            assert claim.evidence


def test_the_count(known):
    claims = {claim for port in range(65536) for claim in known.threats(port)}
    assert len(claims) == 1166
    assert known.as_of == "2026-11-22"


@pytest.mark.parametrize("port", [31800, 31850, 31900])
def test_ranges(known, port):
    assert "Derusbi (raw-socket source ports)" in [claim.name for claim in known.threats(port)]
    assert "Derusbi (raw-socket source ports)" not in [claim.name for claim in known.threats(31799)]


def test_ranges_are_said_as_ranges(known):
    claim = next(claim for claim in known.threats(31850) if claim.first != claim.last)
    assert sentence(claim).startswith("31800-31900/tcp has been listed as a backdoor (Derusbi")


def test_the_surest_first(known):
    ranks = [threats.CONFIDENCE.index(claim.confidence) for claim in known.threats(80)]
    assert ranks == sorted(ranks)


def test_udplite_is_asked_as_udp(known):
    assert known.threats(1434, "udplite") == known.threats(1434, "udp") != ()


def test_no_claims(known):
    assert known.threats(4) == ()
    assert known.threats(65536) == ()


def test_vulgar_names_are_shortened(known):
    assert [claim.name for claim in known.threats(6912)] == ["S*** Heep"]
    assert "F***it Rootkit" in [claim.name for claim in known.threats(1984)]


def test_a_year_and_a_direction_are_said():
    (claim,) = made(ROW).threats(80)
    assert sentence(claim) == (
        "80/tcp has been listed as a worm (Code Red, 2001), looking for this port on other machines; confidence high"
    )
    assert claim.evidence == "the source was read"


def test_exposed_services_are_not_called_malware():
    row = ["00022", "tcp", "listen", "exposed-admin", "high", "SSH", "", "", "https://example.org/", "unread", ""]
    (claim,) = made(row).threats(22)
    assert sentence(claim) == (
        "22/tcp has been listed as a service that is often attacked when it is exposed (SSH); confidence high"
    )
    assert claim.evidence == "the source is known, but was not opened for this list"


def test_one_list():
    row = [*ROW[:9], "lists", "rkhunter"]
    assert made(row).threats(80)[0].evidence == "in the list of rkhunter"


def test_an_empty_list():
    assert made().threats(80) == ()


@pytest.mark.parametrize("cells", [["00080", "tcp"], [*ROW[:4], "sure"], ["00080-0008x", *ROW[1:]]])
def test_rows_that_we_did_not_write(cells):
    with pytest.raises(DataError, match="cannot be read"):
        made(cells).threats(80)


def test_broken_data_is_an_error(monkeypatch):
    monkeypatch.setattr(threats, "packaged", lambda _: b"#hb-threats\t1\n")
    with pytest.raises(DataError) as caught:
        Threats.open()
    assert "Install hb-engine again" in caught.value.remedy


@given(st.binary().filter(lambda data: b"\n" not in data))
def test_any_line_is_a_claim_or_a_data_error(data):
    try:
        claim = threats._parse(data)
    except DataError:
        return
    assert sentence(claim)
