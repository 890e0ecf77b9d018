"""Each opening's JSON holds the contract's fields in the contract's order, for any content."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.kit import LOOK, NOW, hostile_look

from hb_engine.model.record import items, replace
from hb_engine.wire.json_text import document, quote, quote_whole
from hb_engine.wire.opening_json import opening, owner, when

OPENING = [
    *("key", "kind", "transport", "port", "addresses", "families", "scope", "interface", "netns", "owners", "unowned"),
    *("registered", "verdict"),
]
OWNER = ["pid", "comm", "exe", "cmdline", "user", "started_at", "unit", "container", "parents", "package"]
PACKAGE = ["name", "version", "manager", "verified"]


def read(value):
    return json.loads(opening(value, quote))


@pytest.mark.parametrize("value", LOOK.openings, ids=lambda value: value.key)
def test_fields_stand_in_the_contract_s_order(value):
    told = read(value)
    assert list(told)[: len(OPENING)] == OPENING
    assert list(told["netns"])[:2] == ["id", "name"]
    for process in told["owners"]:
        assert list(process)[: len(OWNER)] == OWNER
        assert process["package"] is None or list(process["package"])[:4] == PACKAGE
    assert list(told["verdict"]) == ["word", "severity", "reasons"]


@pytest.mark.parametrize("value", LOOK.openings, ids=lambda value: value.key)
def test_every_field_of_the_records_is_there(value):
    told = read(value)
    assert {name for name, _ in items(value)} <= set(told)
    for process, record in zip(told["owners"], value.owners, strict=True):
        assert {name for name, _ in items(record)} <= set(process)


def test_the_key_and_its_thread():
    told = read(kit.BACKDOOR)
    assert told["key"] == "tcp/public/1703/unit:cron.service/host"
    assert told["thread"] == "tcp/1703/unit:cron.service/host"


def test_content():
    told = read(kit.BACKDOOR)
    assert told["addresses"] == ["0.0.0.0", "::"]
    assert told["registered"] == [{"name": "hb-engine", "description": "hb-engine", "status": "assigned"}]
    assert told["verdict"]["word"] == "alarm"
    assert told["verdict"]["reasons"][0]["rule"] == "deleted-executable"
    process = told["owners"][0]
    assert (process["exe_state"], process["started_at"]) == ("deleted", "2026-11-22T14:02:09Z")
    assert process["parents"][0] == {
        "pid": 4116,
        "comm": "sh",
        "started_at": "2026-11-22T14:02:07Z",
        "cmdline": ["/bin/sh", "-c", "/dev/shm/.x"],
    }
    assert process["origin"]["kind"] == "cron"
    assert process["holds"][1] == {"how": "thread", "detail": "4120, fd 5"}
    assert read(kit.WEBBOX)["owners"][0]["container"]["image"] == "registry.example/shop:4"
    assert read(kit.SSH)["owners"][0]["package"]["verified"] is True


def test_absent_facts_are_null_or_empty():
    told = read(kit.VXLAN)
    assert told["unowned"] == {"reason": "kernel", "detail": "VXLAN device vx0"}
    assert told["owners"] == []
    assert (told["unit"], told["container"]) == (None, None)
    assert read(kit.TAP)["port"] is None
    assert read(replace(kit.VXLAN, verdict=None))["verdict"] is None
    assert read(replace(kit.VXLAN, inodes=(), flags=("mptcp", "filter")))["flags"] == ["mptcp", "filter"]


@pytest.mark.parametrize("value", hostile_look().openings, ids=lambda value: str(value.port))
def test_hostile_names_make_valid_documents(value):
    told = document(lambda q: opening(value, q))
    assert told.isascii()
    assert "\n" not in told[:-1]
    assert json.loads(told)["port"] == value.port


@given(st.text(), st.text(), st.binary())
def test_any_name_is_read_back(comm, exe, raw):
    argument = raw.decode("utf-8", "surrogateescape")
    value = replace(kit.BACKDOOR_OWNER, comm=comm, exe=exe, cmdline=(argument, comm))
    told = json.loads(document(lambda q: owner(value, q)))
    if all(ord(c) < 0xD800 or ord(c) > 0xDFFF for c in comm + exe):
        assert (told["comm"], told["exe"]) == (comm, exe)


def test_careful_quoting_changes_nothing_that_is_whole():
    for value in LOOK.openings:
        assert opening(value, quote) == opening(value, quote_whole)


def test_times_are_iso_8601_in_utc():
    assert when(NOW) == '"2026-11-22T14:05:11Z"'
    assert when(NOW + 0.999) == '"2026-11-22T14:05:11Z"'
    assert when(0.0) == '"1970-01-01T00:00:00Z"'
    assert when(None) == "null"
