"""The pages of hb scope: every allowance with its reason, every refusal with what to do, strangers' text harmless."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.kit import said

from hb_engine.app.scanning.scope import Checked, Edited, Listing
from hb_engine.faces.stories import scope as story
from hb_engine.scan.addresses import AddressSet
from hb_engine.scan.scope import Attached, Line, Scope, judge
from hb_engine.scan.targets import Targets
from hb_engine.scan.words import read

TODAY = "2026-11-22"


def some(*words):
    return AddressSet([one for word in words for one in read(word).ranges])


def line(allow, word, why="ours", *, until="", number=4, by="ana"):
    return Line(allow, word, some(word), why, until, by, "2026-01-01", "/x/scope.toml", number)


LINES = (
    line(True, "5.6.7.0/24", until="2026-12-31"),
    line(True, "5.6.8.0/24", until="2026-11-01", number=5),
    line(False, "10.0.5.1", why="the old printer", number=6, by=""),
    line(False, "10.0.5.2", why="", number=7, by=""),
)
SCOPE = Scope(LINES, (Attached(4, 0x09080706, 24, "eth0"), Attached(4, 0xC0000209, 24, "eth1")), TODAY)


def test_the_listing_has_every_line_with_its_reason_and_place():
    told = said(story.listing(Listing(("/x/scope.toml",), SCOPE)), 120)
    for part in (
        "172.16.0.0/12",
        "attached to this machine",
        "ours (ana), until 2026-12-31",
        "ours (ana), was until 2026-11-01",
        "the old printer",
        "no reason given",
        "/x/scope.toml:6",
        "Files: /x/scope.toml",
    ):
        assert part in told
    rows = {row.split()[0]: row for row in told.splitlines() if row.strip()}
    assert " yes " in rows["5.6.7.0/24"]
    assert " past " in rows["5.6.8.0/24"]
    assert " never " in rows["10.0.5.1"]
    assert " yes " in rows["9.8.7.0/24"]


def test_a_network_that_no_host_has_is_not_called_scannable_because_it_is_attached():
    told = said(story.listing(Listing((), SCOPE)), 120)
    (row,) = [row for row in told.splitlines() if row.strip().startswith("192.0.2.0/24")]
    assert " never " in row
    assert "documentation" in row


def test_without_a_file_that_is_said():
    told = said(story.listing(Listing((), Scope())))
    assert "There is no scope file yet" in told
    assert "hb scope add NETWORK --why TEXT" in told


def test_a_change():
    done = Edited(
        "/x/scope.toml", (LINES[0], LINES[2]), (line(True, "1.2.3.4"),), ("1.2.3.5/24 was taken for the network",)
    )
    assert said(story.edited(done)).splitlines() == [
        "The allowance of 1.2.3.4 is taken out.",
        "5.6.7.0/24 may be scanned, until 2026-12-31 is over. (/x/scope.toml:4)",
        "10.0.5.1 is excluded, whatever else allows it. (/x/scope.toml:6)",
        "1.2.3.5/24 was taken for the network.",
    ]


def checked(*words):
    addresses = some(*words)
    return Checked(Targets(addresses, {}, ("a note",)), judge(addresses, SCOPE))


def test_a_check_says_by_which_line_and_what_to_do():
    told = said(story.checked(checked("5.6.7.8", "10.0.5.1", "10.0.5.3", "8.8.8.8", "224.0.0.1"))).splitlines()
    assert told == [
        "a note.",
        "10.0.5.3 would be scanned: private (RFC 1918).",
        "5.6.7.8 would be scanned: ours (/x/scope.toml:4).",
        "224.0.0.1 is not scanned: multicast: many hosts at once (RFC 5771, RFC 4291 2.7).",
        "10.0.5.1 is not scanned: excluded by /x/scope.toml:6: the old printer.",
        "    Take the line out there: hb scope remove 10.0.5.1",
        "8.8.8.8 is not scanned: neither private nor attached to this machine, and no line of a scope file allows it.",
        "    If it is yours to scan: hb scope add 8.8.8.8 --why TEXT",
        "2 of 5 addresses would be scanned.",
    ]
    assert "would be scanned." not in said(story.checked(checked("10.0.0.1"))).splitlines()[-1]


def test_many_refusals_are_counted():
    refused = judge(some("8.8.8.0,2,4,6,8,10,12,14,16,18"), SCOPE).refused
    told = said(story.refusals(refused))
    assert told.count("is not scanned") == 8
    assert told.splitlines()[-1] == "2 more ranges left out as well."
    assert "left out" not in said(story.refusals(refused[:8]))


RECORDS = (
    {
        "event": "start", "scan": "s", "at": kit.NOW - 60, "who": {"user": "root", "sudo": "ana"}, "hosts": 256,
        "words": ["10.0.0.0/24"], "ports": "22,80", "allowed_by": ["/x/scope.toml:4 5.6.7.0/24"],
    },
    {"event": "end", "scan": "s", "at": kit.NOW - 30, "outcome": "interrupted", "open": 3, "closed": 9},
    {"event": "scope", "at": kit.NOW, "who": {"user": "ana"}, "added": ['{ allow = "5.6.7.8" }'], "removed": []},
)  # fmt: skip


def test_the_records():
    told = said(story.log(RECORDS, kit.NOW), 160).splitlines()
    assert told[1].split(maxsplit=2)[1:] == [
        "ana", "scan of 10.0.0.0/24 (256 addresses), ports 22,80, allowed by /x/scope.toml:4 5.6.7.0/24"
    ]  # fmt: skip
    assert "scan interrupted: open 3, closed 9" in told[2]
    assert 'scope changed: added { allow = "5.6.7.8" }' in told[3]
    assert said(story.log((), kit.NOW)) == "Nothing was scanned yet, as far as the records go.\n"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["event", "at", "who", "hosts", "words", "ports", "allowed_by", "outcome", "added", "removed"])


@given(st.dictionaries(FIELDS, VALUES | st.sampled_from(["start", "end", "scope"]), max_size=6))
def test_whatever_stands_in_the_file_a_page_comes_out(record):
    for event in (record.get("event"), "start", "end", "scope"):
        assert kit.is_safe(said(story.log([{**record, "event": event}], kit.NOW)))


def test_hostile_text_is_escaped_at_last():
    for text in kit.HOSTILE:
        hostile = Line(True, text, some("5.6.7.8"), text, text, text, text, text, 1)
        scope = Scope((hostile,), (), TODAY)
        for page in (
            story.listing(Listing((text,), scope)),
            story.edited(Edited(text, (hostile,), (hostile,), (text,))),
            story.checked(Checked(Targets(some("5.6.7.8"), {}, (text,)), judge(some("5.6.7.8"), scope))),
        ):
            assert kit.is_safe(said(page))
            assert kit.is_safe(said(page, 80))
