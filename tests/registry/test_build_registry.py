"""The merge of an old table with everything and a new one with names: rule by rule."""

from __future__ import annotations

import importlib
import io
import tarfile

import pytest

from hb_engine.registry import table
from hb_engine.registry.assignments import Registry, packaged

build = importlib.import_module("tools.build_registry")

OLD = "2015-07-24"
NEW = "2026-09-17"


def record(number="", transport="", name="", **more):
    cells = {"ServiceName": name, "PortNumber": number, "TransportProtocol": transport, **more}
    return {key: value for key, value in cells.items() if value}


def merged(base, overlay):
    """Rows by (first, transport), as (name, status, as_of, details_as_of), and the counts."""
    dated = [*base, record("9", "tcp", "dated", RegistrationDate=OLD)]
    rows, details = build.read_base(dated)
    assert details == OLD
    found, counts = build.merge(rows, build.read_overlay({**overlay, "9/tcp": ["dated", ""]}), NEW)
    groups: dict[tuple[int | None, str | None], list[tuple[str, ...]]] = {}
    for row in found:
        if row.name != "dated":
            key = (row.first, row.transport)
            groups.setdefault(key, []).append((row.name, row.status, row.as_of, row.details_as_of))
    assert table.encode(found, NEW, OLD, "a test")
    return groups, counts


def test_a_row_that_both_have():
    groups, counts = merged([record("1703", "tcp", "hb-engine")], {"1703/tcp": ["hb-engine", "hb-engine"]})
    assert groups == {(1703, "tcp"): [("hb-engine", "assigned", NEW, OLD)]}
    assert counts["confirmed"] == 2


def test_one_of_several_names_confirms_them_all():
    base = [
        record("80", "tcp", "http"),
        record("80", "tcp", "www-http", AssignmentNotes='This is a duplicate of the "http" service'),
    ]
    groups, counts = merged(base, {"80/tcp": ["www-http", ""]})
    assert groups[80, "tcp"] == [("http", "assigned", NEW, OLD), ("www-http", "alias", NEW, OLD)]
    assert counts["name superseded"] == 0


def test_another_name_comes_first_and_the_old_one_is_unconfirmed():
    base = [record("631", "tcp", "ipp", Assignee="[Carl]")]
    groups, counts = merged(base, {"631/tcp": ["ipps", "IPP over HTTPS"]})
    assert groups[631, "tcp"] == [("ipps", "assigned", NEW, ""), ("ipp", "unconfirmed", OLD, OLD)]
    assert counts["name superseded"] == counts["unconfirmed"] == 1


def test_a_name_in_place_of_a_reservation():
    groups, _ = merged([record("5683", "tcp", Description="Reserved")], {"5683/tcp": ["coap", ""]})
    assert groups == {(5683, "tcp"): [("coap", "assigned", NEW, "")]}


def test_a_name_that_was_taken_back():
    groups, counts = merged([record("2", "tcp", "compressnet")], {"2/tcp": ["", "Reserved"]})
    assert groups == {(2, "tcp"): [("compressnet", "deassigned", NEW, OLD)]}
    assert counts["de-assigned"] == 1


def test_nameless_rows_take_the_newer_status():
    base = [record("3868", "udp", Description="Unassigned"), record("51", "tcp", Description="Removed")]
    groups, _ = merged(base, {"3868/udp": ["", "Reserved"], "51/tcp": ["", "Reserved"]})
    assert groups[3868, "udp"] == [("", "reserved", NEW, OLD)]
    assert groups[51, "tcp"] == [("", "deassigned", NEW, OLD)]


def test_a_newer_description_of_the_same_name():
    rows, _ = build.read_base([record("993", "tcp", "imaps", Description="imap4", RegistrationDate=OLD)])
    (row,), counts = build.merge(rows, build.read_overlay({"993/tcp": ["imaps", "IMAP over TLS"]}), NEW)
    assert (row.description, row.registered, counts["description newer"]) == ("IMAP over TLS", OLD, 1)
    (row,), _ = build.merge(rows, build.read_overlay({"993/tcp": ["imaps", ""]}), NEW)
    assert row.description == "imap4"


def test_what_the_newer_one_lacks():
    groups, counts = merged([record("7", "tcp", "echo"), record("8", "tcp", Description="Unassigned")], {})
    assert groups == {(7, "tcp"): [("echo", "unconfirmed", OLD, OLD)], (8, "tcp"): [("", "unassigned", OLD, OLD)]}
    assert counts["unconfirmed"] == 1


def test_what_the_newer_one_never_carries_is_kept():
    base = [record("6000-6063", "tcp", "x11"), record("7300-7359", "", "swx"), record("", "tcp", "rubygems")]
    groups, _ = merged(base, {"6001/tcp": ["odd", ""]})
    assert groups[6000, "tcp"] == [("x11", "assigned", OLD, OLD)]
    assert groups[7300, None] == [("swx", "assigned", OLD, OLD)]
    assert groups[None, "tcp"] == [("rubygems", "assigned", OLD, OLD)]
    assert groups[6001, "tcp"] == [("odd", "assigned", NEW, "")]


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(4310, 4319)]),
        ([4317], [(4310, 4316), (4318, 4319)]),
        ([4310], [(4311, 4319)]),
        ([4319], [(4310, 4318)]),
        ([4310, 4311, 4319], [(4312, 4318)]),
        (list(range(4310, 4320)), []),
    ],
)
def test_vacant_ranges_are_cut(taken, left):
    rows, _ = build.read_base(
        [record("4310-4319", Description="Unassigned"), record("9", "tcp", "a", RegistrationDate=OLD)]
    )
    found, counts = build.merge(rows, build.read_overlay({f"{port}/tcp": ["new", ""] for port in taken}), NEW)
    assert [(row.first, row.last) for row in found if row.status == "unassigned"] == left
    assert counts["cut out of ranges"] == len(taken)


def test_a_row_for_sctp_alone_cuts_nothing():
    rows, _ = build.read_base([record("5", Description="Unassigned"), record("9", "tcp", "a", RegistrationDate=OLD)])
    found, _ = build.merge(rows, build.read_overlay({"5/sctp": ["new", ""]}), NEW)
    assert {(row.first, row.name) for row in found} == {(5, ""), (5, "new"), (9, "a")}


def archive(name, data):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def test_only_the_very_bytes_are_unpacked():
    import base64
    import hashlib

    data = archive("package/index.json", b"{}")
    good = base64.b64encode(hashlib.sha512(data).digest()).decode()
    assert build.unpack(data, "p@1", "package/index.json", good) == b"{}"
    with pytest.raises(SystemExit, match="not the package"):
        build.unpack(data + b"x", "p@1", "package/index.json", good)


def test_the_page_counts_what_was_counted():
    page = build.provenance(OLD, {"rows in the table": 14323})
    assert "| rows in the table | 14,323 |" in page
    assert OLD in page
    assert NEW in page
    assert "CC0 1.0" in page


def test_the_packaged_table_is_what_the_page_says():
    page = packaged("PROVENANCE.md").decode()
    rows = list(Registry.open(None).all())
    for what, count in build.tally(rows).items():
        assert f"| {what} | {count:,} |" in page
    assert f"| bytes in the table | {len(packaged('assignments.tsv')):,} |" in page
    assert table.encode(rows, NEW, OLD, build.SOURCE) == packaged("assignments.tsv")
