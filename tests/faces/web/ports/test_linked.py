"""Claims about a port: whose they are, how sure, and never about this network."""

from __future__ import annotations

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.language import language
from hb_engine.faces.web.ports import linked
from hb_engine.model.assignment import Threat

ENGLISH = language("en")


def test_the_claim_of_1703():
    (claim,) = linked.claims(kit.THREATS.threats(1703), ENGLISH)
    assert (claim.name, claim.transport, claim.kind, claim.direction) == (
        "Exploiter",
        "tcp",
        "a trojan",
        "waits on this port",
    )
    assert (claim.confidence, claim.platform, claim.year) == ("medium", "Windows", "")
    assert (claim.host, claim.source) == ("simovits.com", "http://www.simovits.com/trojans/trojans.html")
    assert claim.known == "in several lists, which copy one another: Bekkoame, Nessus, Simovits"


def test_fifteen_claims_of_port_80():
    told = linked.claims(kit.THREATS.threats(80), ENGLISH)
    assert len(told) == 15
    assert told[0].confidence == "high"  # the surest first
    assert len({claim.name for claim in told}) == 15


def test_how_every_claim_of_the_data_is_known_is_said_in_our_words():
    known = {linked.known(claim.evidence, ENGLISH).split(":")[0] for claim in kit.THREATS.all()}
    assert known == {
        "in one list",
        "in several lists, which copy one another",
        "the source was read",
        "the source is known, and was not opened for this list",
    }


def test_words_of_tomorrow_stand_as_they_are():
    assert linked.known("three lists that copy one another", ENGLISH) == "three lists that copy one another"


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "data:text/html,x", "a list", "", "//evil.example", "ftp://x.example/", "http://"]
)
def test_only_addresses_of_the_web_become_links(source):
    (claim,) = linked.claims((Threat("x", "tcp", 1, 1, "worm", "scan", "low", source),), ENGLISH)
    assert claim.source == ""
    assert claim.host == source


def test_a_range_and_an_exposed_service():
    (claim,) = linked.claims(
        (Threat("x", "udp", 5, 9, "exposed-admin", "listen", "high", "https://a.example/b"),), ENGLISH
    )
    assert (claim.span, claim.direction, claim.host) == ((5, 9), "", "a.example")
