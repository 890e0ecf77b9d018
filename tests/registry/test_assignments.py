"""The packaged data answers as IANA would; broken data is said, and never believed."""

from __future__ import annotations

import os
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.assignment import Assignment
from hb_engine.model.errors import DataError
from hb_engine.model.opening import Registered
from hb_engine.registry import assignments
from hb_engine.registry.assignments import FILE, Registry
from hb_engine.registry.table import Table


@pytest.fixture(scope="module")
def registry():
    return Registry.open(None)


@pytest.fixture(scope="module")
def odd(odd_file):
    return Registry(Table(odd_file, "odd"), "a test")


def names(rows):
    return [(row.name, row.transport, row.status) for row in rows]


def test_1703(registry):
    rows = registry.rows(1703)
    assert [(row.name, row.transport, row.description) for row in rows] == [
        ("hb-engine", "tcp", "hb-engine"),
        ("hb-engine", "udp", "hb-engine"),
    ]
    for row in rows:
        assert (row.assignee, row.contact) == ("Charles_C_L_Chou", "Charles_C_L_Chou")
        assert (row.registered, row.modified, row.references, row.notes, row.unauthorized) == ("", "", (), "", "")
        assert (row.as_of, row.details_as_of) == ("2026-09-17", "2015-07-24")


def test_the_dates_and_the_origin(registry):
    assert (registry.as_of, registry.details_as_of) == ("2026-09-17", "2015-07-24")
    assert (registry.origin, registry.problem) == ("packaged", "")
    assert registry.rows_known == 14323


def test_80_is_http_first(registry):
    assert names(registry.rows(80))[:3] == [
        ("http", "tcp", "assigned"),
        ("www", "tcp", "alias"),
        ("www-http", "tcp", "alias"),
    ]
    assert [row.name for row in registry.rows(80) if row.transport == "sctp"] == ["http"]


@pytest.mark.parametrize(
    ("transport", "port", "name", "status"),
    [
        ("tcp", 80, "http", "assigned"),
        ("tcp", 1703, "hb-engine", "assigned"),
        ("tcp", 6000, "x11", "assigned"),
        ("udp", 6031, "x11", "assigned"),
        ("tcp", 6063, "x11", "assigned"),
        ("tcp", 6667, "ircu", "assigned"),
        ("udp", 6667, "", "reserved"),
        ("tcp", 3868, "diameter", "assigned"),
        ("udp", 3868, "", "reserved"),
        ("sctp", 3868, "diameter", "assigned"),
        ("tcp", 2, "compressnet", "deassigned"),
        ("tcp", 631, "ipps", "assigned"),
        ("udp", 631, "ipp", "assigned"),
        ("udplite", 53, "domain", "assigned"),
        ("mptcp", 443, "https", "assigned"),
        ("dccp", 9, "discard", "assigned"),
        ("tcp", 27003, "flex-lm", "assigned"),
        ("udp", 6405, "boe-pagesvr", "assigned"),
        ("tcp", 24, "", "reserved"),
        ("tcp", 4317, "opentelemetry", "assigned"),
        ("tcp", 351, "matip-type-b", "assigned"),
    ],
)
def test_the_best_short_answer(registry, transport, port, name, status):
    best = registry.short(transport, port)[0]
    assert (best.name, best.status) == (name, status)
    assert registry.short(transport, port) is registry.short(transport, port)


@pytest.mark.parametrize(
    ("transport", "port"),
    [
        ("tcp", 4),
        ("tcp", 33001),
        ("udp", 49152),
        ("tcp", 65535),
        ("raw", 80),
        ("vsock", 1703),
        ("packet", 6000),
        ("", 1),
    ],
)
def test_nothing_is_registered(registry, transport, port):
    assert registry.short(transport, port) == ()


def test_short_answers_are_the_model_s_and_ordered(registry):
    assert registry.short("tcp", 631) == (
        Registered("ipps", "Internet Printing Protocol over HTTPS"),
        Registered("ipp", "IPP (Internet Printing Protocol)", "unconfirmed"),
    )


def test_superseded_names_are_kept_unconfirmed(registry):
    new, old = [row for row in registry.rows(631) if row.transport == "tcp"]
    assert (new.name, new.assignee, new.as_of, new.details_as_of) == ("ipps", "", "2026-09-17", "")
    assert (old.name, old.status, old.as_of) == ("ipp", "unconfirmed", "2015-07-24")


def test_ranges_are_in_the_rows(registry):
    (tcp, udp) = registry.rows(6010)
    assert (tcp.first, tcp.last, tcp.unauthorized) == (6000, 6063, "Known Unauthorized Use on port 6003")
    assert (tcp.as_of, udp.transport) == ("2015-07-24", "udp")


def test_what_is_unassigned_is_an_interval(registry):
    (row,) = registry.rows(33010)
    assert (row.status, row.name) == ("unassigned", "")
    assert row.first < 33010 < row.last


def test_ranges_are_cut_where_something_new_is(registry):
    assert names(registry.rows(4317)) == [("opentelemetry", "tcp", "assigned"), ("", "udp", "reserved")]


def test_every_number_below_the_dynamic_ones_has_a_row_but_two(registry):
    covered: set[int] = set()
    for row in registry.all():
        if row.first is not None:
            covered.update(range(row.first, row.last + 1))
    assert set(range(49152)) - covered == {757, 11023}  # the older package lacks them, and the newer one says nothing
    assert registry.rows(757) == registry.short("tcp", 757) == ()


@pytest.mark.parametrize("port", [49152, 60999, 65535])
def test_dynamic_ports(registry, port):
    (row,) = registry.rows(port)
    assert (row.status, row.first, row.last, row.references) == ("dynamic", 49152, 65535, ("RFC6335",))


def test_rows_of_any_transport_come_last(odd):
    assert names(odd.rows(7310)) == [("swx", None, "assigned")]
    assert names(odd.rows(4)) == [("", None, "unassigned")]
    assert odd.short("udp", 7310) == (Registered("swx", "The Swiss Exchange"),)
    assert odd.short("udp", 4) == ()


def test_a_use_without_assignment_is_said(odd):
    assert odd.short("udp", 351) == (Registered("bhoetty", "bhoetty", "unassigned"),)


def test_escaped_cells_in_short_answers(odd_rows):
    from hb_engine.model.record import replace
    from hb_engine.registry import table

    row = replace(odd_rows[0], description="back\\slash\ttab")
    made = Registry(Table(table.encode([row], "2026-02-13", "2026-02-13", ""), "x"), "x")
    assert made.short("tcp", 80)[0].description == "back\\slash\ttab"


@pytest.mark.parametrize(
    ("port", "below", "above"),
    [
        (1703, "deskshare", "bcs-broker"),
        (6064, "x11", "winpharaoh"),
        (6010, "cvsup", "ndl-ahp-svc"),
        (0, None, "tcpmux"),
        (1, None, "rje"),
        (49151, "inspider", None),
        (65535, "inspider", None),
    ],
)
def test_neighbours(registry, port, below, above):
    assert [row.name for row in registry.near(port)] == [name for name in (below, above) if name]


def test_neighbours_where_there_are_none():
    from hb_engine.registry import table

    assert Registry(Table(table.encode([], "a", "b", ""), "x"), "x").near(80) == ()


@given(st.integers(0, 65535))
def test_every_port_has_an_answer(registry, port):
    rows = registry.rows(port)
    assert rows or port in (757, 11023)
    assert all(isinstance(row, Assignment) and row.first <= port <= row.last for row in rows)
    for transport in ("tcp", "udp"):
        spoken = {(row.name, row.status) for row in rows if row.transport in (transport, None)}
        assert {(found.name, found.status) for found in registry.short(transport, port)} <= spoken


def test_a_person_s_newer_data_is_used(tmp_path, odd_file):
    (tmp_path / FILE).write_bytes(odd_file)
    found = Registry.open(str(tmp_path))
    assert (found.origin, found.problem, found.as_of) == (str(tmp_path / FILE), "", "2026-02-13")
    assert found.rows(1703)[0].as_of == "2026-02-13"


def test_no_newer_data_is_no_problem(tmp_path):
    for folder in (str(tmp_path), str(tmp_path / "absent"), "", None):
        found = Registry.open(folder)
        assert (found.origin, found.problem) == ("packaged", "")


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda data: data[: len(data) // 2], "half"),
        (lambda _: b"", "is not a file"),
        (lambda data: data.replace(b"http", b"HTTP"), "damaged"),
        (lambda data: data.replace(b"#hb-assignments\t1", b"#hb-assignments\t0"), "format '0'"),
        (lambda _: b"<html>" * 100, "is not a file"),
        (lambda _: bytes(4096), "is not a file"),
    ],
)
def test_broken_newer_data_is_said_and_passed_over(tmp_path, odd_file, spoil, word):
    (tmp_path / FILE).write_bytes(spoil(odd_file))
    found = Registry.open(str(tmp_path))
    assert found.origin == "packaged"
    assert word in found.problem
    assert "hb update" in found.problem
    assert found.rows(1703)[0].name == "hb-engine"


def test_paths_in_problems_are_escaped(tmp_path, odd_file):
    folder = tmp_path / "a\x1b[2Jb\n"
    folder.mkdir()
    (folder / FILE).write_bytes(odd_file[:100])
    problem = Registry.open(str(folder)).problem
    assert problem.isprintable()


def test_a_folder_or_a_pipe_in_its_place(tmp_path):
    (tmp_path / FILE).mkdir()
    assert "not a file" in Registry.open(str(tmp_path)).problem
    other = tmp_path / "other"
    other.mkdir()
    os.mkfifo(other / FILE)
    assert "not a file" in Registry.open(str(other)).problem


def test_data_that_may_not_be_read(tmp_path, odd_file, monkeypatch):
    (tmp_path / FILE).write_bytes(odd_file)

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(assignments, "_read", refuse)
    found = Registry.open(str(tmp_path))
    assert "Permission denied" in found.problem
    assert found.origin == "packaged"


def test_broken_packaged_data_is_an_error(monkeypatch):
    monkeypatch.setattr(assignments, "packaged", lambda _: b"#hb-assignments\t1\n")
    with pytest.raises(DataError) as caught:
        Registry.open(None)
    assert "Install hb-engine again" in caught.value.remedy


def test_missing_packaged_data_is_an_error():
    with pytest.raises(DataError) as caught:
        assignments.packaged("absent.tsv")
    assert "Install hb-engine again" in caught.value.remedy


@pytest.mark.slow
def test_it_answers_out_of_a_zip_archive(tmp_path):
    import subprocess
    import sys

    import hb_engine

    root = os.path.dirname(hb_engine.__file__)
    archive = tmp_path / "hb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for folder in ("", "model", "registry", "registry/data"):
            place = os.path.join(root, folder)
            for name in os.listdir(place):
                if os.path.isfile(os.path.join(place, name)):
                    zipped.write(os.path.join(place, name), os.path.join("hb_engine", folder, name))
    code = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); from hb_engine.registry.assignments import Registry;"
        "print(Registry.open().rows(1703)[0].name)"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "hb-engine\n"
