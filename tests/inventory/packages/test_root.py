"""Trees that are not ours: where links lead, and that nothing leads out."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.inventory.packages.trees import link, put

from hb_engine.inventory.linux.packages.root import Root, open_beneath, read_all


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    put(root, "/usr/bin/dash", "dash")
    put(root, "/usr/lib64/x.so", "x")
    put(root, "/etc/passwd", "inside")
    put(tmp_path, "/etc/passwd", "outside")
    link(root, "/bin", "usr/bin")
    link(root, "/usr/sbin", "bin")
    link(root, "/sbin", "usr/sbin")
    link(root, "/lib64", "/usr/lib64")
    link(root, "/usr/bin/sh", "dash")
    return root


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/bin", "/usr/bin"),
        ("/bin/dash", "/usr/bin/dash"),
        ("/sbin/dash", "/usr/bin/dash"),
        ("/bin/sh", "/usr/bin/dash"),
        ("/lib64/x.so", "/usr/lib64/x.so"),
        ("//bin//./dash", "/usr/bin/dash"),
        ("/usr/bin/../lib64/x.so", "/usr/lib64/x.so"),
        ("/sbin/../lib64", "/usr/lib64"),  # .. of where the link leads, as the kernel does it
        ("/../../etc/passwd", "/etc/passwd"),
        ("/gone/or/not", "/gone/or/not"),
        ("/bin/gone", "/usr/bin/gone"),
        ("relative", "relative"),
        ("", ""),
        ("/a\0b", "/a\0b"),
    ],
)
def test_where_paths_lead(tree, path, canonical):
    assert Root(str(tree)).resolve(path) == canonical


def test_links_never_lead_out(tree):
    link(tree, "/up", "../../../../../../etc/passwd")
    link(tree, "/abs", "/etc/passwd")
    link(tree, "/twice", "/abs")
    root = Root(str(tree))
    for name in ("/up", "/abs", "/twice"):
        assert root.resolve(name) == "/etc/passwd"
        assert root.read(name, 100) == b"inside"


def test_loops_and_mazes_end(tree):
    link(tree, "/loop", "/loop")
    link(tree, "/a", "b")
    link(tree, "/b", "a")
    for number in range(60):
        link(tree, f"/m{number}", f"/m{number + 1}")
    link(tree, "/deep", "/".join(["x/.."] * 800))
    root = Root(str(tree))
    for name in ("/loop", "/a", "/m0", "/loop/x", "/" + "d/" * 1500 + "x"):
        assert root.resolve(name) == name
    root.resolve("/deep")
    with pytest.raises(OSError):
        root.open("/loop")


def test_place_follows_folders_but_not_the_name(tree):
    root = Root(str(tree))
    assert root.place("/bin/sh") == "/usr/bin/sh"
    assert root.place("/bin") == "/bin"
    assert root.place("/bin/.") == "/usr/bin"
    assert root.place("sh") == "sh"


def test_names_of_a_file_through_linked_folders(tree):
    assert set(Root(str(tree)).names_of("/usr/bin/dash")) == {
        "/usr/bin/dash", "/bin/dash", "/usr/sbin/dash", "/sbin/dash",
    }  # fmt: skip
    assert set(Root(str(tree)).names_of("/usr/lib64/x.so")) == {"/usr/lib64/x.so", "/lib64/x.so"}
    assert Root(str(tree)).names_of("/usr/binary/x") == ["/usr/binary/x"]


def test_a_tree_that_is_not_merged_has_one_name_for_each(tmp_path):
    put(tmp_path, "/bin/dash")
    put(tmp_path, "/usr/bin/perl")
    assert Root(str(tmp_path)).names_of("/bin/dash") == ["/bin/dash"]


def test_a_link_to_the_root_does_not_make_every_path_its_own_name(tmp_path):
    link(tmp_path, "/self", "/")
    assert Root(str(tmp_path)).names_of("/bin/dash") == ["/bin/dash"]


def test_reading_is_bounded(tree):
    root = Root(str(tree))
    assert root.read("/etc/passwd", 6) == b"inside"
    with pytest.raises(OSError) as caught:
        root.read("/etc/passwd", 5)
    assert caught.value.errno == errno.EFBIG


def test_only_plain_files_are_opened(tree):
    os.mkfifo(tree / "fifo")
    link(tree, "/tofifo", "fifo")
    root = Root(str(tree))
    for name in ("/fifo", "/tofifo", "/usr"):
        with pytest.raises(OSError) as caught:
            root.open(name)
        assert caught.value.errno == errno.EINVAL
    with pytest.raises(OSError):
        root.open("/etc/passwd", folder=True)
    with pytest.raises(FileNotFoundError):
        root.open("/nothing")


@pytest.mark.root
def test_devices_are_not_opened(tree):
    if os.geteuid():
        pytest.skip("needs root: only root can make device files")
    os.mknod(tree / "null", 0o020666, os.makedev(1, 3))
    with pytest.raises(OSError) as caught:
        Root(str(tree)).open("/null")
    assert caught.value.errno == errno.EINVAL


def test_a_link_put_there_after_resolving_is_refused(tree):
    """The container swaps a folder for a link between two calls of ours."""
    root = Root(str(tree))
    assert root.resolve("/etc/passwd") == "/etc/passwd"
    (tree / "etc").rename(tree / "etc.old")
    link(tree, "/etc", "../../etc")
    with pytest.raises(OSError):
        root.read("/etc/passwd", 100)


def test_our_own_root_reads_the_same_way():
    root = Root("/")
    assert root.prefix == ""
    assert root.resolve("/proc/self/../version") == "/proc/version"
    assert root.stat("/etc/passwd") is not None
    assert root.stat("/nothing/here") is None
    assert root.stat("/a\0b") is None


def test_the_root_of_a_process_is_a_tree():
    root = Root(f"/proc/{os.getpid()}/root")
    there = root.stat("/etc/passwd")
    assert there is not None
    assert there.st_ino == os.stat("/etc/passwd").st_ino
    assert root.read("/etc/passwd", 1 << 20) == Root("/").read("/etc/passwd", 1 << 20)


def test_files_in_an_open_folder(tree):
    link(tree, "/etc/link", "passwd")
    folder = Root(str(tree)).open("/etc", folder=True)
    try:
        fd = open_beneath(folder, "passwd")
        assert read_all(fd, 100) == b"inside"
        os.close(fd)
        with pytest.raises(OSError):
            open_beneath(folder, "link")
        os.mkfifo(tree / "etc" / "fifo")
        with pytest.raises(OSError):
            open_beneath(folder, "fifo")
    finally:
        os.close(folder)


def test_nothing_stays_open(tree):
    before = len(os.listdir("/proc/self/fd"))
    root = Root(str(tree))
    for name in ("/etc/passwd", "/nothing", "/usr", "/bin/sh"):
        root.stat(name)
        try:
            root.read(name, 3)
        except OSError:
            continue
    assert len(os.listdir("/proc/self/fd")) == before


PARTS = st.sampled_from(["bin", "usr", "sh", "..", ".", "", "loop", "etc", "x", "self", "\udcff", "sbin"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PARTS, max_size=12))
def test_any_path_resolves_to_one_that_resolves_to_itself(tree, parts):
    if not os.path.lexists(tree / "loop"):
        link(tree, "/loop", "bin/../loop/x")
        link(tree, "/self", "/")
    root = Root(str(tree))
    path = "/" + "/".join(parts)
    found = root.resolve(path)
    assert found == path or root.resolve(found) == found
