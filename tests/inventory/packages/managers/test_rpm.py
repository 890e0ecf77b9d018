"""rpm: its three databases, states of files, and a real rpm where one can be had."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess

import pytest
from tests.inventory.packages import rpm_headers as build
from tests.inventory.packages.trees import link, put, question, rpm_sqlite, sha256

from hb_engine.inventory.linux.packages.managers.rpm import DATABASES, find

DATA = os.path.join(os.path.dirname(__file__), "..", "data")
with open(os.path.join(DATA, "hb-fixture.header"), "rb") as header_file:
    REAL = header_file.read()
with gzip.open(os.path.join(DATA, "Packages.bdb.gz")) as store_file:
    BERKELEY = store_file.read()  # made by db5.3_load from REAL and a package of 300 files
PATHS = ["/etc/hb-fixture.conf", "/usr/bin/hb-fixture", "/usr/bin/hb-link", "/var/log/hb-fixture.log"]
SCRIPT = b"#!/bin/sh\necho hello\n"


def fill(root, form):
    if form == "sqlite":
        rpm_sqlite(root, (REAL, PATHS))
    elif form == "ndb":
        put(root, "/usr/lib/sysimage/rpm/Packages.db", build.ndb(build.package(b"other", {b"/x/y": b""}), REAL))
    else:
        put(root, "/var/lib/rpm/Packages", BERKELEY)


@pytest.mark.parametrize("form", ["sqlite", "ndb", "bdb"])
def test_each_database_gives_the_same_answers(tmp_path, form):
    fill(tmp_path, form)
    found = find(question(tmp_path, "/usr/bin/hb-fixture", "/etc/hb-fixture.conf", "/var/log/hb-fixture.log", "/bin/x"))
    (script,) = found.records["/usr/bin/hb-fixture"]
    assert (script.manager, script.name, script.version) == ("rpm", "hb-fixture", "2:1.4-3")
    assert (script.algorithm, script.digest, script.detail) == ("sha256", sha256(SCRIPT), "")
    assert "configuration" in found.records["/etc/hb-fixture.conf"][0].detail
    assert "does not bring it" in found.records["/var/log/hb-fixture.log"][0].detail
    assert set(found.records) == {"/usr/bin/hb-fixture", "/etc/hb-fixture.conf", "/var/log/hb-fixture.log"}
    assert found.gaps == []


def test_a_header_that_fills_many_pages_of_berkeley_db(tmp_path):
    put(tmp_path, "/var/lib/rpm/Packages", BERKELEY)
    (record,) = find(question(tmp_path, "/usr/share/many/f299")).records["/usr/share/many/f299"]
    assert (record.name, record.digest) == ("many-files", f"{299:064x}")


@pytest.mark.parametrize("form", ["sqlite", "ndb", "bdb"])
def test_merged_trees_and_moved_folders(tmp_path, form):
    fill(tmp_path, form)
    (tmp_path / "data/bin").mkdir(parents=True)
    link(tmp_path, "/usr/bin", "/data/bin")
    link(tmp_path, "/usr/sbin", "bin")
    assert set(find(question(tmp_path, "/usr/sbin/hb-fixture", "/data/bin/hb-link")).records) == {
        "/data/bin/hb-fixture", "/data/bin/hb-link",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["sqlite", "ndb", "bdb"])
def test_a_folder_that_is_linked_from_an_odd_place(tmp_path, form):
    fill(tmp_path, form)
    (tmp_path / "srv/logs").mkdir(parents=True)
    link(tmp_path, "/var/log", "/srv/logs")
    assert set(find(question(tmp_path, "/srv/logs/hb-fixture.log")).records) == {"/srv/logs/hb-fixture.log"}


def test_the_newest_form_counts_where_several_are_left(tmp_path):
    put(tmp_path, "/var/lib/rpm/Packages", b"left over")
    rpm_sqlite(tmp_path, (REAL, PATHS), where="/usr/lib/sysimage/rpm/rpmdb.sqlite")
    link(tmp_path, "/var/lib/rpm/rpmdb.sqlite", "../../../usr/lib/sysimage/rpm/rpmdb.sqlite")
    found = find(question(tmp_path, "/usr/bin/hb-fixture"))
    assert found.records
    assert found.gaps == []


def test_both_architectures_of_a_shared_path(tmp_path):
    one = build.package(b"tool", {b"/usr/bin/tool": b"1" * 64}, states=b"\x00", version=b"1")
    other = build.package(b"tool", {b"/usr/bin/tool": b"2" * 64}, states=b"\x04", version=b"1")
    third = build.package(b"copy", {b"/usr/bin/tool": b"3" * 64}, version=b"9")
    rpm_sqlite(tmp_path, *[(blob, ["/usr/bin/tool"]) for blob in (other, one, third)])
    records = find(question(tmp_path, "/usr/bin/tool")).records["/usr/bin/tool"]
    assert [(record.name, record.digest[0]) for record in records] == [("tool", "1"), ("copy", "3")]


def test_digests_of_a_kind_that_is_not_known(tmp_path):
    rpm_sqlite(tmp_path, (build.package(b"p", {b"/usr/bin/p": b"1" * 64}, algorithm=99), ["/usr/bin/p"]))
    (record,) = find(question(tmp_path, "/usr/bin/p")).records["/usr/bin/p"]
    assert (record.algorithm, record.digest) == ("", "")
    assert "does not know" in record.detail


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("content", [b"", b"garbage" * 1000])
def test_a_damaged_database_is_a_gap(tmp_path, database, content):
    put(tmp_path, database, content)
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records == {}
    assert database in found.gaps[0].why
    assert found.gaps[0].remedy


def test_a_damaged_header_is_a_gap(tmp_path):
    rpm_sqlite(tmp_path, (REAL[:1000], PATHS))
    found = find(question(tmp_path, "/usr/bin/hb-fixture"))
    assert found.records == {}
    assert "header" in found.gaps[0].why


def test_a_database_that_is_a_fifo_is_a_gap(tmp_path):
    (tmp_path / "var/lib/rpm").mkdir(parents=True)
    os.mkfifo(tmp_path / "var/lib/rpm/rpmdb.sqlite")
    assert find(question(tmp_path, "/usr/bin/x")).gaps


SPEC = """Name: hb-real
Epoch: 3
Version: 1.0
Release: 2
Summary: A package for tests
License: MIT
BuildArch: noarch
%description
Nothing.
%install
mkdir -p %{buildroot}/usr/bin
printf '#!/bin/sh\\necho real\\n' > %{buildroot}/usr/bin/hb-real
%files
/usr/bin/hb-real
"""


@pytest.mark.slow
@pytest.mark.root
def test_a_database_that_rpm_made_just_now(tmp_path):
    if os.geteuid():
        pytest.skip("needs root: rpm --root changes its root")
    if not (shutil.which("rpm") and shutil.which("rpmbuild")):
        pytest.skip("needs rpm and rpmbuild (Debian: apt-get install rpm)")
    put(tmp_path, "/hb.spec", SPEC)
    root = tmp_path / "root"
    root.mkdir()
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run(
        ["rpmbuild", "-bb", "--define", f"_topdir {tmp_path}/top", "--define", "__os_install_post %{nil}",
         str(tmp_path / "hb.spec")],
        check=True, capture_output=True, timeout=120, env=environment,
    )  # fmt: skip
    packages = [os.path.join(at, name) for at, _, names in os.walk(tmp_path / "top/RPMS") for name in names]
    subprocess.run(
        ["rpm", "--root", str(root), "--dbpath", "/var/lib/rpm", "-i", "--nodeps", "--force", *packages],
        check=True, capture_output=True, timeout=120, env=environment,
    )  # fmt: skip
    found = find(question(root, "/usr/bin/hb-real"))
    (record,) = found.records["/usr/bin/hb-real"]
    assert (record.name, record.version) == ("hb-real", "3:1.0-2")
    assert record.digest == sha256((root / "usr/bin/hb-real").read_bytes())
    assert found.gaps == []
