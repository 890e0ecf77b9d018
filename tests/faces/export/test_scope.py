"""hb scope for programs: documents of schema hb/1 that say what the pages say."""

from __future__ import annotations

import json

from tests.faces import kit

from hb_engine.app.scanning.scope import Checked, Edited, Listing
from hb_engine.faces.export import scope as export
from hb_engine.scan.addresses import AddressSet
from hb_engine.scan.scope import Attached, Line, Scope, judge
from hb_engine.scan.targets import Targets
from hb_engine.scan.words import read

ONE = AddressSet(read("5.6.7.0/24").ranges)
LINE = Line(True, "5.6.7.0/24", ONE, "ours", "2026-12-31", "ana", "2026-01-01", "/x/scope.toml", 4)
WRITTEN = {
    "allow": True,
    "what": "5.6.7.0/24",
    "ranges": ["5.6.7.0/24"],
    "why": "ours",
    "until": "2026-12-31",
    "by": "ana",
    "added": "2026-01-01",
    "file": "/x/scope.toml",
    "line": 4,
}
SCOPE = Scope((LINE,), (Attached(4, 0x09080706, 24, "eth0"),), "2026-11-22")


def test_the_scope():
    told = json.loads(export.listing(Listing(("/x/scope.toml",), SCOPE)))
    assert (told["schema"], told["kind"], told["files"]) == ("hb/1", "scope", ["/x/scope.toml"])
    assert (told["lines"], told["today"]) == ([WRITTEN], "2026-11-22")
    assert told["attached"] == [{"network": "9.8.7.0/24", "interface": "eth0"}]
    assert told["always"][0] == {
        "ranges": ["127.0.0.0/8", "::1"],
        "what": "this machine",
        "source": "RFC 1122, RFC 4291 2.5.3",
    }


def test_a_change():
    bare = Line(False, "10.0.0.1", AddressSet(read("10.0.0.1").ranges))
    told = json.loads(export.edited(Edited("/x/scope.toml", (LINE,), (bare,), ("a note",))))
    assert (told["kind"], told["added"], told["notes"]) == ("scope-change", [WRITTEN], ["a note"])
    assert (told["removed"][0]["until"], told["removed"][0]["line"]) == (None, None)


def test_a_check():
    addresses = AddressSet([*read("5.6.7.8").ranges, *read("10.0.0.1").ranges, *read("8.8.8.8").ranges])
    told = json.loads(export.checked(Checked(Targets(addresses, {}), judge(addresses, SCOPE))))
    assert (told["addresses"], told["would_be_scanned"]) == (3, 2)
    assert [(one["range"], one["line"]) for one in told["allowed"]] == [("10.0.0.1", None), ("5.6.7.8", WRITTEN)]
    assert told["refused"][0]["remedy"].endswith("hb scope add 8.8.8.8 --why TEXT")


def test_records_stay_as_they_were_written():
    assert json.loads(export.log([{"event": "end", "open": 3}]))["records"] == [{"event": "end", "open": 3}]


def test_documents_are_one_line_of_ascii_whatever_is_in_them():
    for text in kit.HOSTILE:
        hostile = Line(True, text, ONE, text, text, text, text, text, 1)
        made = export.listing(Listing((text,), Scope((hostile,))))
        assert made.isascii()
        assert made.count("\n") == 1
        json.loads(made)
