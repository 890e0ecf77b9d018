"""pacman: folders of text, and digests in a compressed mtree."""

from __future__ import annotations

import gzip
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inventory.packages.trees import link, md5, pacman, put, question, sha256

from hb_engine.inventory.linux.packages.managers import pacman as manager
from hb_engine.inventory.linux.packages.managers.pacman import digest_in_mtree, find, unescape


def test_a_file_its_package_and_digest(tmp_path):
    pacman(tmp_path, "openssh", {"/usr/bin/sshd": b"sshd"})
    pacman(tmp_path, "other-tool", {"/usr/bin/other": b"other"})
    found = find(question(tmp_path, "/usr/bin/sshd", "/usr/bin/none"))
    (record,) = found.records["/usr/bin/sshd"]
    assert (record.manager, record.name, record.version) == ("pacman", "openssh", "1:2.0-1")
    assert (record.algorithm, record.digest) == ("sha256", sha256(b"sshd"))
    assert set(found.records) == {"/usr/bin/sshd"}
    assert found.gaps == []


def test_arch_s_own_links(tmp_path):
    (tmp_path / "usr/bin").mkdir(parents=True)
    for name, target in (("/bin", "usr/bin"), ("/sbin", "usr/bin"), ("/usr/sbin", "bin")):
        link(tmp_path, name, target)
    pacman(tmp_path, "openssh", {"/usr/bin/sshd": b"sshd"})
    assert set(find(question(tmp_path, "/usr/sbin/sshd")).records) == {"/usr/bin/sshd"}


def test_configuration_files(tmp_path):
    pacman(tmp_path, "x", {"/etc/x.sh": b"x", "/usr/bin/x": b"y"}, backup=("/etc/x.sh",))
    (record,) = find(question(tmp_path, "/etc/x.sh")).records["/etc/x.sh"]
    assert (record.algorithm, record.digest) == ("md5", md5(b"x"))
    assert "configuration" in record.detail


def test_strange_names(tmp_path):
    odd = ["/opt/a b", "/opt/ünï", "/opt/#x=1", "/opt/back\\slash"]
    pacman(tmp_path, "odd", {path: path.encode() for path in odd})
    found = find(question(tmp_path, *odd))
    assert {path: records[0].digest for path, records in found.records.items()} == {p: sha256(p.encode()) for p in odd}


def test_without_an_mtree_there_is_no_digest(tmp_path):
    pacman(tmp_path, "old", {"/usr/bin/old": b"old"}, mtree=False)
    found = find(question(tmp_path, "/usr/bin/old"))
    assert found.records["/usr/bin/old"][0].digest == ""
    assert found.gaps == []


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"#mtree")[:-9]])
def test_a_damaged_mtree(tmp_path, content):
    pacman(tmp_path, "x", {"/usr/bin/x": b"x"})
    put(tmp_path, "/var/lib/pacman/local/x-2.0-1/mtree", content)
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records["/usr/bin/x"][0].digest == ""
    assert bool(found.gaps) is (content == b"no gzip")


def test_an_mtree_that_unpacks_to_more_than_it_may(tmp_path, monkeypatch):
    monkeypatch.setattr(manager, "LIMIT", 1000)
    pacman(tmp_path, "x", {"/usr/bin/x": b"x"}, mtree=False)
    bomb = gzip.compress(b"\n" * 100_000 + b"./usr/bin/x sha256digest=" + b"0" * 64)
    put(tmp_path, "/var/lib/pacman/local/x-2.0-1/mtree", bomb[:1000])
    assert find(question(tmp_path, "/usr/bin/x")).records["/usr/bin/x"][0].digest == ""


def test_a_damaged_desc_leaves_what_the_folder_is_called(tmp_path):
    pacman(tmp_path, "some-tool", {"/usr/bin/x": b"x"})
    put(tmp_path, "/var/lib/pacman/local/some-tool-2.0-1/desc", "%NAME%")
    (record,) = find(question(tmp_path, "/usr/bin/x")).records["/usr/bin/x"]
    assert (record.name, record.version) == ("some-tool", "2.0-1")
    os.unlink(tmp_path / "var/lib/pacman/local/some-tool-2.0-1/desc")
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records["/usr/bin/x"][0].name == "some-tool"
    assert found.gaps


def test_lists_that_are_missing_are_a_gap(tmp_path):
    pacman(tmp_path, "x", {"/usr/bin/x": b"x"})
    os.unlink(tmp_path / "var/lib/pacman/local/x-2.0-1/files")
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records == {}
    assert "files" in found.gaps[0].why


def test_a_folder_of_the_database_that_leads_out(tmp_path):
    link(tmp_path, "/var/lib/pacman/local/evil-1-1", "/../../../../etc")
    found = find(question(tmp_path, "/usr/bin/x"))
    assert found.records == {}


def test_an_old_mtree_has_md5():
    text = b"#mtree\n./usr/bin/x time=1 md5digest=" + b"a" * 32 + b"\n"
    assert digest_in_mtree(text, b"usr/bin/x") == ("md5", "a" * 32)
    assert digest_in_mtree(text, b"usr/bin/y") == ("", "")
    assert digest_in_mtree(b"./usr/bin/x sha256digest=zz md5digest=1\n", b"usr/bin/x") == ("", "")


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [(rb"a\040b", b"a b"), (rb"\134", b"\\"), (rb"\303\274", "ü".encode()), (rb"a\b", rb"a\b"), (rb"\999", rb"\999"),
     (rb"\777", rb"\777"), (b"\\", b"\\"), (b"", b"")],
)  # fmt: skip
def test_escapes_of_mtree(escaped, plain):
    assert unescape(escaped) == plain


@given(st.binary(max_size=40))
def test_any_name_survives_being_escaped(name):
    assert unescape(b"".join(b"\\%03o" % byte for byte in name)) == name


@given(st.binary(max_size=120))
def test_any_bytes_are_an_mtree(data):
    algorithm, digest = digest_in_mtree(data + b"\n./x " + data, b"x")
    assert (algorithm, len(digest)) in (("", 0), ("md5", 32), ("sha256", 64))
