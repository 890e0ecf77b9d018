"""apk: the text database of Alpine, of apk 2 and 3, in both of its places."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.inventory.packages.trees import apk, link, put, question, sha1, sha256

from hb_engine.inventory.linux.packages.managers import apk as manager
from hb_engine.inventory.linux.packages.managers.apk import find

# As apk-tools 2.14 of Alpine 3.19 writes it: fields in its order, a file without digest, a link.
INSTALLED = b"""C:Q1Ojt8NMdyEGAXfLAzmmQmjnnONXA=
P:busybox
V:1.36.1-r15
A:x86_64
S:508885
I:946176
T:Size optimized toolbox of many common UNIX utilities
U:https://busybox.net/
L:GPL-2.0-only
o:busybox
m:Somebody <somebody@example.org>
t:1699383189
c:d1b6f274f29076967826e0ecf6ebcaa5d360272f
D:so:libc.musl-x86_64.so.1
p:cmd:busybox=1.36.1-r15
r:busybox-initscripts
F:bin
R:busybox
a:0:0:755
Z:Q1Kcj2KTbPJHGWKkJLIZDCGZ8MLTY=
R:sh
a:0:0:777
Z:Q1pcfTfDNEbNKQc2s1tia7da05M8Q=
F:etc
R:securetty
Z:Q1mB95Hq2NUTZ599RDiSsj9w5FrOU=
F:usr
F:usr/sbin
R:nodigest
a:0:0:755

C:Q1gKkFdQUwKAmcUpGCdhmdZQ6xjJo=
P:musl
V:1.2.4_git20230717-r4
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1lcMhMz1FtLxAbTDqsgCkQhHnA1o=

"""


def test_a_database_as_apk_writes_it(tmp_path):
    put(tmp_path, "/lib/apk/db/installed", INSTALLED)
    found = find(question(tmp_path, "/bin/busybox", "/lib/ld-musl-x86_64.so.1", "/usr/sbin/nodigest", "/sbin/nodigest"))
    (busybox,), (musl,) = found.records["/bin/busybox"], found.records["/lib/ld-musl-x86_64.so.1"]
    assert (busybox.name, busybox.version, busybox.algorithm) == ("busybox", "1.36.1-r15", "sha1")
    assert busybox.digest == "29c8f62936cf2471962a424b2190c2199f0c2d36"  # as base64 -d says
    assert (musl.name, musl.version) == ("musl", "1.2.4_git20230717-r4")
    assert (found.records["/usr/sbin/nodigest"][0].digest, set(found.records)) == (
        "", {"/bin/busybox", "/lib/ld-musl-x86_64.so.1", "/usr/sbin/nodigest"},
    )  # fmt: skip
    assert found.gaps == []


@pytest.mark.parametrize("where", manager.DATABASES)
def test_both_places(tmp_path, where):
    apk(tmp_path, {"nginx": {"/usr/sbin/nginx": b"nginx"}}, where=where)
    (record,) = find(question(tmp_path, "/usr/sbin/nginx")).records["/usr/sbin/nginx"]
    assert (record.name, record.version, record.digest) == ("nginx", "1.2-r0", sha1(b"nginx"))


def test_packages_of_apk_3_record_sha256_cut_short(tmp_path):
    apk(tmp_path, {"x": {"/usr/bin/x": b"x"}}, flags="S")
    (record,) = find(question(tmp_path, "/usr/bin/x")).records["/usr/bin/x"]
    assert (record.algorithm, record.digest) == ("sha256-160", sha256(b"x")[:40])


def test_the_database_of_a_merged_tree(tmp_path):
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "usr/bin").mkdir(parents=True)
    link(tmp_path, "/lib", "usr/lib")
    link(tmp_path, "/bin", "usr/bin")
    apk(tmp_path, {"busybox": {"/bin/busybox": b"b"}})
    assert set(find(question(tmp_path, "/usr/bin/busybox")).records) == {"/usr/bin/busybox"}


def test_the_same_file_name_in_several_packages(tmp_path):
    apk(tmp_path, {"a": {"/usr/bin/x": b"1", "/opt/x": b"2"}, "b": {"/usr/sbin/x": b"3", "/x": b"4"}})
    found = find(question(tmp_path, "/usr/bin/x", "/opt/x", "/usr/sbin/x", "/x", "/bin/x"))
    assert {path: (r[0].name, r[0].digest) for path, r in found.records.items()} == {
        "/usr/bin/x": ("a", sha1(b"1")), "/opt/x": ("a", sha1(b"2")),
        "/usr/sbin/x": ("b", sha1(b"3")), "/x": ("b", sha1(b"4")),
    }  # fmt: skip


def test_a_moved_folder(tmp_path):
    (tmp_path / "data").mkdir()
    link(tmp_path, "/opt", "data")
    apk(tmp_path, {"a": {"/opt/x": b"1"}})
    assert set(find(question(tmp_path, "/data/x")).records) == {"/data/x"}


@pytest.mark.parametrize("content", [b"", INSTALLED[:200], b"garbage\n", INSTALLED[:-30]])
def test_a_damaged_database_is_a_gap(tmp_path, content):
    put(tmp_path, "/lib/apk/db/installed", content)
    found = find(question(tmp_path, "/usr/bin/none"))
    assert found.records == {}
    assert found.gaps[0].remedy


def test_a_database_that_cannot_be_read_is_a_gap(tmp_path):
    os.makedirs(tmp_path / "lib/apk/db/installed")
    assert find(question(tmp_path, "/x/y")).gaps
    os.rmdir(tmp_path / "lib/apk/db/installed")
    os.mkfifo(tmp_path / "lib/apk/db/installed")
    assert find(question(tmp_path, "/x/y")).gaps


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([b"R:x", b"F:usr", b"P:p", b"Z:Q1", b"Z:Q1AAAA", b"", b"R:", b"F:", b"Z:", b"x", b"R:x\xff"])
    )
)
def test_any_order_of_lines(tmp_path, lines):
    put(tmp_path, "/lib/apk/db/installed", b"\n".join(lines))
    found = find(question(tmp_path, "/usr/x", "/x"))
    assert all(len(r.digest) in (0, 40, 64) for records in found.records.values() for r in records)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100))
def test_any_bytes(tmp_path, data):
    put(tmp_path, "/lib/apk/db/installed", data)
    find(question(tmp_path, "/usr/x", "/x"))
