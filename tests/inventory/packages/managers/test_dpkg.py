"""dpkg: lists, versions, digests, diversions, merged and unmerged /usr, and databases in every state of disrepair."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inventory.packages.trees import Dpkg, link, md5, put, question

from hb_engine.inventory.linux.packages.managers import dpkg
from hb_engine.inventory.linux.packages.managers.dpkg import _conffile, _digest_of, _field, find


@pytest.fixture
def merged(tmp_path):
    for name in ("bin", "sbin", "lib"):
        (tmp_path / "usr" / name).mkdir(parents=True)
        link(tmp_path, f"/{name}", f"usr/{name}")
    return tmp_path


def names(found):
    return {path: [(r.name, r.version) for r in records] for path, records in found.records.items()}


def test_a_file_its_package_version_and_digest(tmp_path):
    Dpkg(tmp_path).package("perl-base", {"/usr/bin/perl": b"perl"}, version="5.36.0-7+deb12u2")
    (record,) = find(question(tmp_path, "/usr/bin/perl")).records["/usr/bin/perl"]
    assert (record.manager, record.name, record.version) == ("dpkg", "perl-base", "5.36.0-7+deb12u2")
    assert (record.algorithm, record.digest, record.detail) == ("md5", md5(b"perl"), "")


def test_what_no_package_lists(tmp_path):
    Dpkg(tmp_path).package("a", {"/usr/bin/a": b"a"})
    found = find(question(tmp_path, "/usr/bin/b", "/usr/bin", "/usr/bin/a/", "/a"))
    assert set(found.records) <= {"/usr/bin", "/usr/bin/a"}
    assert found.gaps == []


def test_lists_older_than_the_merged_usr(merged):
    Dpkg(merged).package("dash", {"/bin/dash": b"dash"}).package("new", {"/usr/bin/new": b"new"})
    found = find(question(merged, "/usr/bin/dash", "/bin/dash", "/bin/new"))
    assert names(found) == {"/usr/bin/dash": [("dash", "1.0-1")], "/usr/bin/new": [("new", "1.0-1")]}


def test_lists_newer_than_an_unmerged_tree(tmp_path):
    """The other way round: /usr/bin is a link to /bin, as on some small systems."""
    (tmp_path / "bin").mkdir()
    link(tmp_path, "/usr/bin", "../bin")
    Dpkg(tmp_path).package("dash", {"/usr/bin/dash": b"dash"})
    assert names(find(question(tmp_path, "/bin/dash"))) == {"/bin/dash": [("dash", "1.0-1")]}


def test_a_folder_that_its_administrator_moved_and_linked(tmp_path):
    (tmp_path / "srv" / "opt").mkdir(parents=True)
    link(tmp_path, "/opt", "srv/opt")
    Dpkg(tmp_path).package("app", {"/opt/app/bin/server": b"server"}).package("other", {"/usr/bin/server": b"x"})
    assert names(find(question(tmp_path, "/srv/opt/app/bin/server"))) == {
        "/srv/opt/app/bin/server": [("app", "1.0-1")],
    }


def test_a_link_that_a_package_brings_does_not_make_its_target_the_package_s(tmp_path):
    put(tmp_path, "/opt/evil/java")
    database = Dpkg(tmp_path).package("jre", {"/usr/bin/java": b"java"}, place=False)
    link(tmp_path, "/usr/bin/java", "/opt/evil/java")
    assert find(question(tmp_path, "/usr/bin/java")).records == {}
    assert database.status


def test_many_paths_in_one_pass(tmp_path):
    database = Dpkg(tmp_path)
    for number in range(30):
        database.package(f"p{number}", {f"/usr/bin/tool{number}": b"%d" % number})
    paths = [f"/usr/bin/tool{number}" for number in range(30)] + ["/usr/bin/none"]
    found = names(find(question(tmp_path, *paths)))
    assert found == {f"/usr/bin/tool{number}": [(f"p{number}", "1.0-1")] for number in range(30)}


def test_multiarch_packages_are_told_apart_by_their_architecture(tmp_path):
    Dpkg(tmp_path).package(
        "libc6", {"/lib/x86_64-linux-gnu/libc.so.6": b"64"}, version="2.36-9", qualified=True
    ).package(
        "libc6", {"/lib/i386-linux-gnu/libc.so.6": b"32"}, version="2.36-8", architecture="i386", qualified=True
    )  # fmt: skip
    found = find(question(tmp_path, "/lib/x86_64-linux-gnu/libc.so.6", "/lib/i386-linux-gnu/libc.so.6"))
    assert names(found) == {
        "/lib/x86_64-linux-gnu/libc.so.6": [("libc6", "2.36-9")],
        "/lib/i386-linux-gnu/libc.so.6": [("libc6", "2.36-8")],
    }
    assert found.records["/lib/i386-linux-gnu/libc.so.6"][0].digest == md5(b"32")


def test_a_diverted_name_belongs_to_the_package_that_diverted_it(tmp_path):
    database = Dpkg(tmp_path)
    database.package("perl", {"/usr/bin/tool": b"original"}).package("wrapper", {"/usr/bin/tool": b"wrapper"})
    database.diversions(("/usr/bin/tool", "/usr/bin/tool.real", "wrapper"))
    put(tmp_path, "/usr/bin/tool.real", b"original")
    found = find(question(tmp_path, "/usr/bin/tool", "/usr/bin/tool.real"))
    assert names(found) == {"/usr/bin/tool": [("wrapper", "1.0-1")], "/usr/bin/tool.real": [("perl", "1.0-1")]}
    assert found.records["/usr/bin/tool.real"][0].digest == md5(b"original")


def test_the_same_file_diverted_under_both_of_its_names(merged):
    """As packages do that know both a merged and an unmerged /usr: each name is diverted, to one place."""
    database = Dpkg(merged)
    database.package("init", {"/sbin/halt": b"real"}).package("guard", {"/usr/sbin/halt": b"guard"})
    database.diversions(
        ("/sbin/halt", "/lib/guard/halt", "guard"), ("/usr/sbin/halt", "/usr/lib/guard/halt", "guard")
    )  # fmt: skip
    put(merged, "/usr/lib/guard/halt", b"real")
    for paths in (("/usr/sbin/halt", "/usr/lib/guard/halt"), ("/usr/lib/guard/halt",), ("/usr/sbin/halt",)):
        found = names(find(question(merged, *paths)))
        expected = {"/usr/sbin/halt": [("guard", "1.0-1")], "/usr/lib/guard/halt": [("init", "1.0-1")]}
        assert found == {path: expected[path] for path in paths}


def test_a_local_diversion_leaves_the_original_name_to_nobody(merged):
    database = Dpkg(merged).package("dash", {"/bin/sh2": b"dash"})
    database.diversions(("/bin/sh2", "/bin/sh2.distrib", ":"))
    put(merged, "/usr/bin/sh2.distrib", b"dash")
    found = find(question(merged, "/usr/bin/sh2", "/usr/bin/sh2.distrib"))
    assert names(found) == {"/usr/bin/sh2.distrib": [("dash", "1.0-1")]}


def test_configuration_files_have_their_digest_in_status(tmp_path):
    Dpkg(tmp_path).package("x", {"/etc/init.d/x": b"script", "/usr/sbin/x": b"x"}, conffiles=("/etc/init.d/x",))
    (record,) = find(question(tmp_path, "/etc/init.d/x")).records["/etc/init.d/x"]
    assert record.digest == md5(b"script")
    assert "configuration" in record.detail


def test_no_digest_is_said_with_its_reason(tmp_path):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"})
    put(tmp_path, "/var/lib/dpkg/info/x.md5sums", "")
    (record,) = find(question(tmp_path, "/usr/bin/x")).records["/usr/bin/x"]
    assert (record.algorithm, record.digest) == ("", "")
    assert "no digest" in record.detail
    os.unlink(tmp_path / "var/lib/dpkg/info/x.md5sums")
    assert find(question(tmp_path, "/usr/bin/x")).records["/usr/bin/x"][0].digest == ""


@pytest.mark.parametrize("state", ["deinstall ok config-files", "unknown ok not-installed"])
def test_what_a_removed_package_once_had_is_nobody_s(tmp_path, state):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"}, state=state)
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records == {}
    assert found.gaps == []


def test_a_package_that_an_interrupted_upgrade_left(tmp_path):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"}, state="install reinstreq half-installed")
    (record,) = find(question(tmp_path, "/usr/bin/x")).records["/usr/bin/x"]
    assert "half-installed" in record.detail


def test_the_journal_is_newer_than_status(tmp_path):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"}, version="1")
    for number, version in (("0001", "2"), ("0000", "9"), ("tmp.i", "7")):
        stanza = f"Package: x\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n"
        put(tmp_path, f"/var/lib/dpkg/updates/{number}", stanza)
    assert names(find(question(tmp_path, "/usr/bin/x"))) == {"/usr/bin/x": [("x", "2")]}


def test_a_list_that_status_does_not_know_is_a_gap(tmp_path):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"})
    put(tmp_path, "/var/lib/dpkg/status", "Package: y\nStatus: install ok installed\n")
    found = find(question(tmp_path, "/usr/bin/x"))
    assert names(found) == {"/usr/bin/x": [("x", "")]}
    assert "x" in found.gaps[0].why


@pytest.mark.parametrize("missing", ["status", "info"])
def test_a_database_that_is_not_whole_is_a_gap_and_not_a_no(tmp_path, missing):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"})
    place = tmp_path / "var/lib/dpkg" / missing
    place.rename(place.with_name("away"))
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records == {}
    assert len(found.gaps) == 1
    assert found.gaps[0].remedy


def test_lists_that_are_no_files_are_gaps_and_the_others_are_read(tmp_path):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"})
    os.mkfifo(tmp_path / "var/lib/dpkg/info/fifo.list")
    link(tmp_path, "/var/lib/dpkg/info/link.list", "/etc/passwd")
    found = find(question(tmp_path, "/usr/bin/x", "/usr/bin/y"))
    assert names(found) == {"/usr/bin/x": [("x", "1.0-1")]}
    assert "and 1 more" in found.gaps[0].why


def test_a_list_that_is_too_large_is_a_gap(tmp_path, monkeypatch):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"})
    monkeypatch.setattr(dpkg, "LIST_LIMIT", 10)
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records == {}
    assert "larger" in found.gaps[0].why


def test_paths_with_backslashes_blanks_and_strange_bytes(tmp_path):
    odd = ["/opt/a b/x y", "/opt/back\\slash", "/opt/tab\tx", "/opt/\udcff\udcfe", "/opt/$(x)"]
    Dpkg(tmp_path).package("odd", dict.fromkeys(odd[:3], b"odd"))
    put(
        tmp_path,
        "/var/lib/dpkg/info/odd.list",
        b"".join(path.encode("utf-8", "surrogateescape") + b"\n" for path in odd),
    )
    put(tmp_path, "/var/lib/dpkg/info/odd.md5sums", f"\\{md5(b'odd')}  opt/back\\\\slash\n".encode())
    found = find(question(tmp_path, *odd, "/opt/line\nfeed"))
    assert set(found.records) == set(odd)
    assert found.records["/opt/back\\slash"][0].digest == md5(b"odd")  # md5sum(1) escapes such names


def test_a_path_with_a_line_feed_is_not_two_paths(tmp_path):
    Dpkg(tmp_path).package("x", {"/usr/bin/x": b"x"})
    assert find(question(tmp_path, "/evil\n/usr/bin/x", "/usr/bin/x\n")).records == {}


def test_names_that_end_alike_are_not_confused(tmp_path):
    Dpkg(tmp_path).package("a", {"/usr/bin/x": b"1", "/opt/usr/bin/x": b"2", "/usr/bin/xx": b"3"})
    found = find(question(tmp_path, "/usr/bin/x", "/bin/x"))
    assert {path: records[0].digest for path, records in found.records.items()} == {"/usr/bin/x": md5(b"1")}


@given(st.binary(max_size=80))
def test_any_bytes_in_a_stanza_or_a_list_of_digests(data):
    for text in (data, b"\nConffiles:\n " + data):
        assert isinstance(_field(text, b"Version"), bytes)
        for found in (_conffile(text, b"/x"), _digest_of(b"\n" + text, b"x")):
            assert found == "" or len(found) == 32
