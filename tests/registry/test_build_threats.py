"""The rule that tells waiting from calling and from looking, and what is printed of vulgar names."""

from __future__ import annotations

import importlib

import pytest

from hb_engine.registry import threats
from hb_engine.registry.threats import Threats

build = importlib.import_module("tools.build_threats")

LISTS = "http://www.simovits.com/trojans/trojans.html"
ATTACK = "https://attack.mitre.org/software/S0000/"


def claim(name, port="4321", kind="trojan", source=LISTS, platform="windows"):
    return {
        "protocol": "tcp",
        "port": port,
        "name": name,
        "kind": kind,
        "year": "",
        "platform": platform,
        "source_url": source,
        "confidence": "medium",
    }


@pytest.mark.parametrize(
    ("row", "direction"),
    [
        (claim("Exploiter", "1703"), "listen"),
        (claim("NetBus", "12345", "rat"), "listen"),
        (claim("T0rn", "47107", "backdoor"), "listen"),
        (claim("Ajan", "25"), "outbound"),
        (claim("Possible rogue IRC bot", "6667", "botnet"), "outbound"),
        (claim("Kobalos (client source port)", "55201", "backdoor"), "outbound"),
        (claim("Exodus Two reverse shell", "22011", "c2", ATTACK), "outbound"),
        (claim("Emotet", "7080", "c2", ATTACK), "outbound"),
        (claim("RTM VNC module", "44443", "c2", ATTACK), "listen"),
        (
            claim("AsyncRAT", "6606", "rat", "https://github.com/netlas-io/netlas-free-iocs/blob/main/STATS.md"),
            "outbound",
        ),
        (claim("Cobalt Strike C2 (observed)", "2053", "c2", "https://github.com/x"), "outbound"),
        (claim("Cobalt Strike team server", "50050", "c2", "https://github.com/x"), "listen"),
        (claim("Havoc teamserver", "40056", "c2", "https://github.com/x"), "listen"),
        (claim("Mirai (scan)", "23", "botnet"), "scan"),
        (claim("Code Red", "80", "worm"), "scan"),
        (claim("Sasser backdoor", "5554", "worm"), "listen"),
        (claim("FrostyGoop (Modbus)", "502", "c2", ATTACK, "ics"), "scan"),
        (claim("SSH", "22", "exposed-admin"), "listen"),
        (claim("Ebury", "22", "backdoor", ATTACK), "listen"),
        (claim("BPFDoor redirected shell", "42391-43391", "backdoor", ATTACK), "listen"),
    ],
)
def test_directions(row, direction):
    assert build.direction_of(row) == direction


def proof(row, sources="simovits+nessus", evidence="package/opened"):
    return {
        "protocol": row["protocol"],
        "port": row["port"],
        "name": row["name"],
        "sources": sources,
        "evidence": evidence,
    }


def test_a_row_as_it_is_written():
    row = claim("Exploiter", "1703")
    (made,) = build.read([row], [proof(row)])
    assert list(made) == list(threats.FIELDS)
    (found,) = Threats(build.encode([made]), "x").threats(1703)
    assert (found.name, found.direction, found.evidence) == (
        "Exploiter",
        "listen",
        "in the lists of Nessus and Simovits",
    )


def test_sources_that_are_pages():
    row = claim("A", "5", source=ATTACK)
    (made,) = build.read([row], [proof(row, ATTACK, "known")])
    assert (made["read"], made["lists"]) == ("unread", "")


def test_ranges():
    row = claim("A", "31800-31900")
    (made,) = build.read([row], [proof(row)])
    assert made["number"] == "31800-31900"


def test_a_claim_without_evidence_or_source_is_refused():
    row = claim("A")
    with pytest.raises(SystemExit, match="no evidence"):
        build.read([row], [])
    with pytest.raises(SystemExit):
        build.read([{**row, "source_url": ""}], [proof(row)])


def test_vulgar_names_keep_their_length_and_their_neighbours():
    long = claim("S" + "h" + "it Heep", "6912")
    other = claim("Another one", "6912")
    assert build._decent(long) == "S*** Heep"
    assert build._decent(other) == "Another one"
    assert all(len(key) == 2 and "*" in short for key, short in build.DECENT.items())


def test_the_order_does_not_depend_on_the_input():
    rows = [claim(name, port) for name, port in (("b", "2"), ("a", "2"), ("c", "1"))]
    made = build.read(rows, [proof(row) for row in rows])
    assert build.encode(made) == build.encode(made[::-1])


def test_the_packaged_claims_are_what_the_page_says():
    page = (build.DATA / "PROVENANCE.md").read_text(encoding="utf-8")
    known = Threats.open()
    claims = {found for port in range(65536) for found in known.threats(port)}
    assert f"| rows | {len(claims):,} |" in page
    for direction in ("listen", "outbound", "scan"):
        count = sum(found.direction == direction for found in claims)
        assert f"| direction {direction} | {count:,} |" in page
