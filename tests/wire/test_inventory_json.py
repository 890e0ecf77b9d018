"""A saved listing is the inventory again, and whatever else a file holds is told by the path of the field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit

from hb_engine.faces.export.documents import inventory as write
from hb_engine.model.coverage import would_show
from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening, Registered, Unowned
from hb_engine.model.owner import EXE_STATES, Ancestor, Container, Hold, Origin, Owner, Package
from hb_engine.model.record import replace
from hb_engine.model.verdict import SEVERITIES, Judgement, Reason
from hb_engine.wire.inventory_json import NETNS_KINDS, UNTOLD, coverage, loaded, opening, read

TEXT = st.text(st.characters(), max_size=8) | st.sampled_from(kit.HOSTILE)  # lone surrogates too
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
MAYBE = st.none() | TEXT
NUMBER = st.integers(0, 1 << 53)
TIME = st.none() | st.integers(0, 4102444800).map(float)
PACKAGE = st.builds(Package, TEXT, TEXT, TEXT, st.sampled_from([None, True, False]), TEXT)
BOX = st.builds(Container, TEXT, TEXT, TEXT, TEXT, TEXT)
OWNER = st.builds(
    Owner,
    NUMBER,
    TEXT,
    MAYBE,
    st.sampled_from(EXE_STATES),
    TEXTS,
    st.none() | NUMBER,
    TEXT,
    TIME,
    MAYBE,
    st.none() | BOX,
    st.lists(st.builds(Ancestor, NUMBER, TEXT, TIME, TEXTS), max_size=2).map(tuple),
    st.none() | st.builds(Origin, TEXT, TEXT, TEXT, TEXT, TIME),
    st.none() | PACKAGE,
    MAYBE,
    st.none() | PACKAGE,
    st.lists(st.builds(Hold, TEXT, TEXT), max_size=2).map(tuple),
)
SEVERITY = st.sampled_from(SEVERITIES)
VERDICT = st.builds(
    Judgement, SEVERITY, st.lists(st.builds(Reason, TEXT, SEVERITY, TEXT, TEXTS, TEXT), max_size=2).map(tuple)
)
OPENING = st.builds(
    Opening,
    st.sampled_from(KINDS),
    st.sampled_from(TRANSPORTS),
    st.none() | st.integers(0, 65535),
    TEXTS,
    st.lists(st.sampled_from(["ipv4", "ipv6", "packet", "xdp"]), max_size=2).map(tuple),
    st.sampled_from(SCOPES),
    st.builds(Netns, NUMBER, TEXT, st.sampled_from(NETNS_KINDS)),
    TEXT,
    st.lists(OWNER, max_size=2).map(tuple),
    st.none() | st.builds(Unowned, st.sampled_from(["kernel", "not-permitted", "in-flight"]), TEXT),
    st.none() | NUMBER,
    TEXT,
    MAYBE,
    st.none() | BOX,
    st.booleans(),
    TEXTS,
    TEXTS,
    st.lists(NUMBER, max_size=2).map(tuple),
    st.lists(st.builds(Registered, TEXT, TEXT, st.sampled_from(["assigned", "alias"])), max_size=2).map(tuple),
    st.none() | VERDICT,
    TEXT,
)
PORTS = st.none() | st.tuples(st.integers(0, 65535), st.integers(0, 65535))
INVENTORY = st.builds(
    Inventory,
    st.builds(Host, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXTS, TEXTS, PORTS),
    st.integers(0, 4102444800).map(float),
    st.builds(
        Coverage, st.booleans(), TEXTS, st.lists(st.builds(Gap, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple), TEXT
    ),
    st.lists(OPENING, max_size=3).map(tuple),
)


@pytest.mark.slow
@given(INVENTORY)
def test_writing_what_was_read_gives_the_same_text(value):
    text = write(value)
    again = read(text)
    assert write(again) == text
    if "\\u" not in text and "\\x" not in text:
        assert again == value


@pytest.mark.parametrize("value", [kit.LOOK, kit.QUIET, kit.unprivileged()], ids=["busy", "quiet", "nobody"])
def test_what_was_read_is_what_was_written(value):
    assert read(write(value)) == value


def test_a_hostile_machine_is_read_again():
    text = write(kit.hostile_look())
    assert write(read(text)) == text
    names = [one.owners[0].comm for one in read(text).openings]
    assert "two\nlines\r\tand tab" in names
    assert "byte\\xff\\x80" in names  # bytes that are no UTF-8 stand so in JSON


def test_every_field_of_the_records_is_read():
    """A field that a record gains must be written and read, or a snapshot loses it."""
    from tools.docs.json_page import filled

    told = json.loads(write(filled(Inventory)))
    one = told["openings"][0]
    one.update(kind="listener", transport="tcp", scope="public", families=["ipv4"])
    one["netns"]["kind"] = "named"
    one["owners"][0]["exe_state"] = "deleted"
    again = json.loads(write(read(json.dumps(told))))
    for derived in ("key", "thread"):
        del one[derived], again["openings"][0][derived]
    assert again == told
    assert all(again["openings"][0].values())


def test_absent_and_further_fields():
    told = json.loads(write(kit.LOOK))
    told["new"] = {"in": "a newer hb"}
    told["openings"][0]["more"] = [1.5, None]
    assert read(json.dumps(told)) == kit.LOOK
    bare = {"schema": "hb/1", "kind": "inventory", "taken_at": "2026-11-22T14:05:11Z", "openings": [
        {"kind": "listener", "transport": "tcp", "port": 22, "scope": "public"}]}  # fmt: skip
    found = read(json.dumps(bare))
    assert (found.host, found.coverage) == (Host("", ""), UNTOLD)
    assert read(json.dumps({**bare, "coverage": {}})).coverage == UNTOLD
    assert not would_show(found.coverage, found.openings[0])
    assert found.openings[0] == Opening("listener", "tcp", 22, (), (), "public", Netns(0))


def changed(path, value):
    """The document of a machine with one field changed; a path such as openings.0.port."""
    told = json.loads(write(kit.LOOK))
    at = told
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        at = at[part]
    at[last] = value
    return json.dumps(told)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("schema", "hb/2", "schema is not hb/1"),
        ("kind", "scan", "kind is not inventory"),
        ("taken_at", None, "taken_at is missing"),
        ("taken_at", "yesterday", "taken_at is not a time"),
        ("taken_at", "2026-02-30T00:00:00Z", "taken_at is not a time"),
        ("taken_at", 17, "taken_at is not a time"),
        ("host", [], "host is not an object"),
        ("host.name", 5, "host.name is not a text"),
        ("host.local_ports", [1], "host.local_ports is not a first and a last port"),
        ("host.local_ports", [1, 65536], r"host.local_ports\[1\] is not a whole number"),
        ("host.labels", ["a", 7], r"host.labels\[1\] is not a text"),
        ("coverage.privileged", "yes", "coverage.privileged is not true"),
        ("coverage.gaps", {}, "coverage.gaps is not an array"),
        ("coverage.gaps", [5], r"coverage.gaps\[0\] is not an object"),
        ("openings", None, None),
        ("openings", 5, "openings is not an array"),
        ("openings.0", "x", r"openings\[0\] is not an object"),
        ("openings.2.kind", "door", r"openings\[2\].kind is none of listener"),
        ("openings.2.transport", "quic", r"openings\[2\].transport is none of"),
        ("openings.2.scope", None, r"openings\[2\].scope is none of"),
        ("openings.2.port", 65536, r"openings\[2\].port is not a whole number from 0 to 65535"),
        ("openings.2.port", -1, r"openings\[2\].port is not"),
        ("openings.2.port", 22.0, r"openings\[2\].port is not"),
        ("openings.2.port", True, r"openings\[2\].port is not"),
        ("openings.2.port", "22", r"openings\[2\].port is not"),
        ("openings.2.families", ['ipv4", "x'], r"openings\[2\].families\[0\] is not a word"),
        ("openings.2.netns.kind", "moon", r"openings\[2\].netns.kind is none of host"),
        ("openings.2.netns.id", None, r"openings\[2\].netns.id is missing"),
        ("openings.2.inodes", [1, "2"], r"openings\[2\].inodes\[1\] is not"),
        ("openings.2.ephemeral", 1, r"openings\[2\].ephemeral is not true"),
        ("openings.2.owners.1.pid", None, r"openings\[2\].owners\[1\].pid is missing"),
        ("openings.2.owners.1.exe_state", "gone", r"openings\[2\].owners\[1\].exe_state is none of"),
        ("openings.2.owners.1.package.name", 1, r"openings\[2\].owners\[1\].package.name is not a text"),
        (
            "openings.2.owners.1.parents.0.started_at",
            "x",
            r"openings\[2\].owners\[1\].parents\[0\].started_at is not a time",
        ),
        ("openings.2.owners.1.unit", 5, r"openings\[2\].owners\[1\].unit is not a text or null"),
        ("openings.2.unowned", {"reason": 'x", "y'}, r"openings\[2\].unowned.reason is not a word"),
        ("openings.2.verdict.severity", "bad", r"openings\[2\].verdict.severity is none of"),
        ("openings.3.verdict.reasons.0.severity", None, r"openings\[3\].verdict.reasons\[0\].severity is none of"),
        ("openings.2.registered.0.status", "a b", r"openings\[2\].registered\[0\].status is not a word"),
    ],
)
def test_each_wrong_field_is_named(path, value, named):
    if named is None:
        assert read(changed(path, value)).openings == ()
        return
    with pytest.raises(DataError, match=f"^{named}") as caught:
        read(changed(path, value))
    assert "hb snapshot" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    ["", "nothing", "[", '{"a": ', "[" * 100_000, '{"a": ' + "9" * 5000 + "}", "\x00", '"text"', "[]", "null", "NaN"],
)
def test_what_is_no_document_is_told(text):
    with pytest.raises(DataError):
        read(text)


def test_a_document_that_is_cut_short_is_told():
    text = write(kit.LOOK)
    for end in range(0, len(text) - 1, 997):
        with pytest.raises(DataError, match="not JSON, or not whole"):
            read(text[:end])


def test_a_document_that_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr("hb_engine.wire.inventory_json.LARGEST", 100)
    with pytest.raises(DataError, match="larger than"):
        read(write(kit.LOOK))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PATHS = [
    *(
        "host",
        "coverage",
        "coverage.gaps",
        "openings",
        "openings.0",
        "openings.0.port",
        "openings.0.netns",
        "openings.0.owners",
    ),
    *(
        "openings.0.owners.0",
        "openings.0.owners.0.parents",
        "openings.0.owners.0.origin",
        "openings.0.owners.0.started_at",
    ),
    *("openings.0.verdict", "openings.0.registered", "openings.0.inodes", "openings.0.container", "taken_at", "schema"),
]


@pytest.mark.slow
@given(st.sampled_from(PATHS), JSON)
def test_any_value_anywhere_is_read_or_told(path, value):
    try:
        found = read(changed(path, value))
    except DataError:
        return
    assert read(write(found)) == read(write(read(write(found))))


def test_parts_of_a_document():
    told = json.loads(write(kit.LOOK))
    assert opening(told["openings"][0]) == kit.LOOK.openings[0]
    assert coverage(told["coverage"]) == kit.ROOT
    for part, item in ((opening, {}), (opening, []), (opening, {"kind": 1}), (coverage, {"gaps": 1}), (coverage, None)):
        with pytest.raises(DataError):
            part(item)
    assert loaded("[1]") == [1]


def test_a_filtered_listing_is_partial():
    partial = replace(kit.LOOK, coverage=replace(kit.ROOT, partial="filters"))
    assert read(write(partial)).coverage.partial == "filters"
    assert read(write(kit.LOOK)).coverage.partial == ""
