"""Machines, and the openings of each: in order, once each, and found by what they are."""

from __future__ import annotations

import json

import pytest
from tests.faces.kit import BACKDOOR, SSH
from tests.faces.web.api import asking

from hb_engine.faces.web.addresses import segment, short
from hb_engine.wire.json_text import quote_whole
from hb_engine.wire.opening_json import opening

BLIND = f"/machines/{segment(asking.BLIND.name)}"


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


def test_all_machines(browser):
    found, _ = asking.every(browser, "/machines", limit=1)
    assert [one["name"] for one in found] == ["db-3", asking.BLIND.name, "web-17"]
    blind = found[1]
    assert (blind["judged"], blind["drift"], blind["expected"], blind["gaps"]) == (False, None, None, 2)
    assert (found[2]["drift"], found[2]["debt"], found[2]["source"]) == (4, 1, "")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("WEB", ["web-17"]),
        ("laptop 東京", [asking.BLIND.name]),
        ("debian bookworm", ["db-3", "web-17"]),
        ("x y z", []),
    ],
)
def test_machines_by_words(browser, words, names):
    assert [one["name"] for one in browser.get("/api/v1/machines", params={"q": words}).json()["items"]] == names


def test_one_machine(browser):
    told = browser.get("/api/v1/machines/web-17").json()
    assert (told["host"]["name"], told["rules"], told["baseline"]) == ("web-17", 4, "hb.d")
    assert told["states"] == {"drift": 4, "debt": 1, "note": 2, "unseen": 0, "muted": 1, "accepted": 1}
    told = browser.get(f"/api/v1{BLIND}").json()
    assert (told["states"], told["rules"], told["expected"], told["source"]) == (None, None, None, "laptop.json")


def test_openings_are_those_of_the_contract_in_order(browser):
    found, parts = asking.every(browser, "/machines/web-17/openings", limit=2)
    ports = [one["port"] for one in found if one["port"] is not None]
    assert ports == sorted(ports)
    assert parts > 3
    assert len(found) == len(asking.FIRST.seen.openings)
    theirs = {one.key: json.loads(opening(one, quote_whole)) for one in asking.FIRST.seen.openings}
    for one in found:
        assert one.pop("id") == short(one["key"])
        assert one == theirs[one["key"]]


def test_openings_of_one_key_are_all_told(browser):
    found, _ = asking.every(browser, f"{BLIND}/openings", limit=1)
    assert len(found) == 5
    assert [one["netns"]["id"] for one in found if one["netns"]["kind"] == "container"] == [1, 2, 3]
    assert found[-1]["port"] is None  # those without a port come last


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ({"port": 22}, 1),
        ({"transport": "udp"}, 3),
        ({"scope": "public", "transport": "tcp", "port": 1703}, 1),
        ({"word": "alarm"}, 2),
        ({"kind": "tap"}, 1),
        ({"kind": "tunnel"}, 0),
        ({"owner": "KWORKER"}, 1),
        ({"owner": "ssh.service sshd"}, 1),
        ({"owner": "nobody here"}, 0),
    ],
)
def test_filters(browser, words, count):
    told = browser.get("/api/v1/machines/web-17/openings", params=words).json()
    assert told["total"] == count
    for one in told["items"]:
        for name in {"port", "transport", "scope", "kind"} & set(words):
            assert one[name] == words[name]


def test_gaps_are_told_beside_the_openings(browser):
    troubles = browser.get(f"/api/v1{BLIND}/openings?kind=tap").json()["troubles"]
    assert [one["message"] for one in troubles if one["about"] == asking.BLIND.name]


def test_one_opening(browser):
    told = browser.get(f"/api/v1/machines/web-17/openings/{short(BACKDOOR.key)}").json()
    assert told["opening"]["port"] == 1703
    assert (told["judged"], told["verdicts"][0]["severity"]) == (True, "critical")
    told = browser.get(f"/api/v1{BLIND}/openings/{short(asking.DOUBLES[0].key)}").json()
    assert (len(told["others"]), told["judged"], told["verdicts"]) == (2, False, [])
    assert browser.get(f"/api/v1{BLIND}/openings/{short(SSH.key)}").json()["others"] == []


def test_an_opening_that_is_not_there_is_not_called_gone_where_it_could_not_be_seen(browser):
    said = browser.get(f"/api/v1{BLIND}/openings/{'0' * 16}")
    assert said.status_code == 404
    assert "not all could be seen" in said.json()["message"]
    said = browser.get(f"/api/v1/machines/web-17/openings/{'0' * 16}")
    assert "not all" not in said.json()["message"]
    assert "/changes" in said.json()["remedy"]
