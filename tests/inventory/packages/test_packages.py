"""Owners and verification: what is asked, remembered, compared, and never claimed."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.inventory.packages.rpm_headers import package as rpm_header
from tests.inventory.packages.trees import Dpkg, age, apk, link, md5, pacman, put, rpm_sqlite, sha256

from hb_engine.inventory.linux.memo import Memo
from hb_engine.inventory.linux.packages import NOT_COMPARED, REPLACED, Packages
from hb_engine.inventory.linux.packages.managers import load
from hb_engine.model.owner import Package

LATER = 4_000_000_000_000_000_000  # nanoseconds: everything has settled


def look(root, memo=None, **options):
    return Packages(str(root), memo, clock=options.pop("clock", lambda: LATER), **options)


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    Dpkg(root).package("tool", {"/usr/bin/tool": b"tool", "/usr/bin/other": b"other"}, version="1.5-1")
    age(root)
    return root


@pytest.fixture
def memo(tmp_path):
    return lambda: Memo(str(tmp_path / "cache"))


class Untouchable:
    """A manager's function that must not be called again."""

    def __init__(self, packages) -> None:
        packages._managers = tuple([(manager, self) for manager, _ in packages._managers])

    def __call__(self, question) -> None:
        raise AssertionError(f"asked for {question.paths}")


def test_an_owner_is_named_and_not_yet_verified(tree):
    packages = look(tree)
    assert packages.owner_of("/usr/bin/tool") == Package("tool", "1.5-1", "dpkg", None, NOT_COMPARED)
    assert packages.owner_of("/usr/bin/none") is None
    assert packages.asked == ("dpkg",)
    assert packages.gaps == ()


def test_many_paths_at_once_and_each_under_the_name_it_was_asked_by(tree):
    link(tree, "/usr/bin/alias", "tool")
    found = look(tree).owners_of(["/usr/bin/tool", "/usr/bin/alias", "/usr/bin/none", "/usr/bin/other"])
    assert {path: owner.name if owner else None for path, owner in found.items()} == {
        "/usr/bin/tool": "tool", "/usr/bin/alias": "tool", "/usr/bin/none": None, "/usr/bin/other": "tool",
    }  # fmt: skip
    assert look(tree).owners_of([]) == {}


def test_a_database_is_read_once_for_one_look(tree):
    packages = look(tree)
    packages.owners_of(["/usr/bin/tool", "/usr/bin/none"])
    Untouchable(packages)
    assert packages.owner_of("/usr/bin/tool")
    assert packages.owner_of("/usr/bin/none") is None
    with pytest.raises(AssertionError):
        packages.owner_of("/usr/bin/other")


def test_answers_also_negative_ones_are_remembered_between_runs(tree, memo):
    first = memo()
    look(tree, first).owners_of(["/usr/bin/tool", "/usr/bin/none"])
    assert first.save()
    second = look(tree, memo())
    Untouchable(second)
    assert second.owner_of("/usr/bin/tool") == Package("tool", "1.5-1", "dpkg", None, NOT_COMPARED)
    assert second.owner_of("/usr/bin/none") is None


@pytest.mark.parametrize("change", ["status", "info", "diversions", "updates"])
def test_any_change_of_the_database_forgets(tree, memo, change):
    first = memo()
    look(tree, first).owner_of("/usr/bin/tool")
    first.save()
    if change in ("info", "updates"):
        (tree / "var/lib/dpkg" / change / "new").touch()
    else:
        put(tree, f"/var/lib/dpkg/{change}", "Package: tool\nVersion: 2\nStatus: install ok installed\nMore: 1\n")
    second = look(tree, memo())
    Untouchable(second)
    with pytest.raises(AssertionError):
        second.owner_of("/usr/bin/tool")


def test_a_database_that_changed_just_now_is_not_remembered(tree, memo):
    stat = (tree / "var/lib/dpkg/status").stat()
    kept = memo()
    look(tree, kept, clock=lambda: stat.st_mtime_ns + 1_000_000_000).owner_of("/usr/bin/tool")
    kept.save()
    again = look(tree, memo())
    Untouchable(again)
    with pytest.raises(AssertionError):
        again.owner_of("/usr/bin/tool")


def test_fresh_takes_nothing_from_memory_and_adds_to_it(tree, memo):
    kept = memo()
    look(tree, kept, fresh=True).owner_of("/usr/bin/tool")
    kept.save()
    again = look(tree, memo(), fresh=True)
    Untouchable(again)
    with pytest.raises(AssertionError):
        again.owner_of("/usr/bin/tool")
    usual = look(tree, memo())
    Untouchable(usual)
    assert usual.owner_of("/usr/bin/tool")


def test_a_memo_with_foreign_words_in_it_is_not_believed(tree, memo):
    packages = look(tree)
    kept = memo()
    kept.put(packages._stamp, "/usr/bin/tool", "nonsense")
    kept.save()
    assert look(tree, memo()).owner_of("/usr/bin/tool").name == "tool"


def test_what_could_not_be_read_is_a_gap_and_not_remembered(tree, memo):
    (tree / "var/lib/dpkg/info").rename(tree / "var/lib/dpkg/away")
    kept = memo()
    packages = look(tree, kept)
    assert packages.owner_of("/usr/bin/tool") is None
    assert len(packages.gaps) == 1
    packages.owner_of("/usr/bin/other")
    assert len(packages.gaps) == 1
    assert kept.get(packages._stamp, "/usr/bin/tool") is None


def test_a_tree_without_any_database_says_so(tmp_path):
    packages = look(tmp_path)
    assert packages.owner_of("/usr/bin/tool") is None
    assert packages.asked == ()
    assert "no database of apk, dpkg, pacman, rpm" in packages.gaps[0].why


def test_stores_that_name_their_package_need_no_database(tmp_path):
    owner = look(tmp_path).owner_of("/snap/lxd/24322/bin/lxd")
    assert owner is not None
    assert (owner.name, owner.manager, owner.verified) == ("lxd", "snap", None)
    put(tmp_path, "/snap/lxd/24322/bin/lxd")
    verified = look(tmp_path).verify("/snap/lxd/24322/bin/lxd", str(tmp_path / "snap/lxd/24322/bin/lxd"))
    assert verified == owner


def test_bytes_that_are_the_package_s(tree):
    assert look(tree).verify("/usr/bin/tool", str(tree / "usr/bin/tool")) == Package("tool", "1.5-1", "dpkg", True, "")


def test_bytes_that_are_not(tree):
    put(tree, "/usr/bin/tool", b"evil")
    found = look(tree).verify("/usr/bin/tool", str(tree / "usr/bin/tool"))
    assert found is not None
    assert found.verified is False
    assert md5(b"evil") in found.detail
    assert md5(b"tool") in found.detail


def test_a_descriptor_serves_as_well_as_a_path(tree):
    with (tree / "usr/bin/tool").open("rb") as running:
        assert look(tree).verify("/usr/bin/tool", running.fileno()).verified is True
        (tree / "usr/bin/tool").unlink()
        assert look(tree).verify("/usr/bin/tool", running.fileno()).verified is True  # deleted, and still the bytes


def test_a_running_file_that_was_replaced_is_judged_by_itself(tree):
    """The update: the old bytes run, the new file is intact. Nothing records the old one any more."""
    (tree / "usr/bin/tool").write_bytes(b"old version")
    with (tree / "usr/bin/tool").open("rb") as running:
        (tree / "usr/bin/tool").unlink()
        put(tree, "/usr/bin/tool", b"tool")
        found = look(tree).verify("/usr/bin/tool", running.fileno())
    assert (found.verified, found.detail) == (None, REPLACED)


def test_a_running_file_whose_replacement_is_no_package_s_either_differs(tree):
    (tree / "usr/bin/tool").write_bytes(b"old version")
    with (tree / "usr/bin/tool").open("rb") as running:
        (tree / "usr/bin/tool").unlink()
        put(tree, "/usr/bin/tool", b"not the package's")
        assert look(tree).verify("/usr/bin/tool", running.fileno()).verified is False


def test_a_deleted_file_that_never_was_the_package_s_differs(tree):
    (tree / "usr/bin/tool").write_bytes(b"evil")
    with (tree / "usr/bin/tool").open("rb") as running:
        (tree / "usr/bin/tool").unlink()
        assert look(tree).verify("/usr/bin/tool", running.fileno()).verified is False


def test_a_file_mounted_over_a_packaged_one_differs(tree):
    """It still has a name of its own, so no update has unlinked it, whatever now stands at the path."""
    hidden = put(tree, "/tmp/evil", b"evil")
    assert look(tree).verify("/usr/bin/tool", str(hidden)).verified is False


def test_no_record_is_no_verdict(tree):
    put(tree, "/var/lib/dpkg/info/tool.md5sums", "")
    found = look(tree).verify("/usr/bin/tool", str(tree / "usr/bin/tool"))
    assert found.verified is None
    assert "no digest" in found.detail


def test_what_may_not_be_read_is_no_verdict(tree):
    found = look(tree).verify("/usr/bin/tool", str(tree / "gone"))
    assert (found.verified, found.name) == (None, "tool")
    assert "may not be read" in found.detail
    fifo = tree / "fifo"
    os.mkfifo(fifo)
    assert look(tree).verify("/usr/bin/tool", str(fifo)).verified is None
    assert look(tree).verify("/usr/bin/none", str(tree / "gone")) is None
    assert look(tree).verify("/usr/bin/none", str(tree / "usr/bin/tool")) is None


def test_a_changed_configuration_file_says_that_it_is_one(tmp_path):
    Dpkg(tmp_path).package("x", {"/etc/init.d/x": b"x"}, conffiles=("/etc/init.d/x",))
    put(tmp_path, "/etc/init.d/x", b"edited")
    found = look(tmp_path).verify("/etc/init.d/x", str(tmp_path / "etc/init.d/x"))
    assert found.verified is False
    assert "configuration" in found.detail


def test_digests_are_remembered_by_inode_and_not_by_path(tree, memo):
    kept = memo()
    look(tree, kept).verify("/usr/bin/tool", str(tree / "usr/bin/tool"))
    assert kept.save()
    again = look(tree, memo())
    assert again.verify("/usr/bin/tool", str(tree / "usr/bin/tool"), cold=False).verified is True
    put(tree, "/usr/bin/tool", b"evil")  # the same inode, another ctime
    assert look(tree, memo()).verify("/usr/bin/tool", str(tree / "usr/bin/tool")).verified is False


def test_digests_of_files_that_changed_just_now_are_not_remembered(tree, memo):
    kept = memo()
    stat = (tree / "usr/bin/tool").stat()
    look(tree, kept, clock=lambda: stat.st_ctime_ns + 1).verify("/usr/bin/tool", str(tree / "usr/bin/tool"))
    kept.save()
    found = look(tree, memo()).verify("/usr/bin/tool", str(tree / "usr/bin/tool"), cold=False)
    assert (found.verified, found.detail) == (None, NOT_COMPARED)


def test_cold_false_reads_nothing_that_is_not_remembered_and_can_be_asked_again(tree):
    packages = look(tree)
    running = str(tree / "usr/bin/tool")
    assert packages.verify("/usr/bin/tool", running, cold=False).detail == NOT_COMPARED
    assert packages.verify("/usr/bin/tool", running).verified is True
    assert packages.verify("/usr/bin/tool", running, cold=False).verified is True


def test_a_stat_that_is_older_than_the_bytes_is_no_verdict(tree):
    stat = (tree / "usr/bin/tool").stat()
    put(tree, "/usr/bin/tool", b"changed since")
    found = look(tree).verify("/usr/bin/tool", str(tree / "usr/bin/tool"), stat)
    assert found.verified is None
    assert "changed" in found.detail


def test_every_manager_verifies_its_own(tmp_path):
    apk(tmp_path / "apk", {"nginx": {"/usr/sbin/nginx": b"nginx"}})
    pacman(tmp_path / "pacman", "nginx", {"/usr/sbin/nginx": b"nginx"})
    header = rpm_header(b"nginx", {b"/usr/sbin/nginx": sha256(b"nginx").encode()})
    rpm_sqlite(tmp_path / "rpm", (header, ["/usr/sbin/nginx"]))
    Dpkg(tmp_path / "dpkg").package("nginx", {"/usr/sbin/nginx": b"nginx"})
    for manager, _ in load():
        root = tmp_path / manager.name
        running = put(root, "/usr/sbin/nginx", b"nginx")
        found = look(root).verify("/usr/sbin/nginx", str(running))
        assert (found.name, found.manager, found.verified) == ("nginx", manager.name, True)
        put(root, "/usr/sbin/nginx", b"NGINX")
        assert look(root).verify("/usr/sbin/nginx", str(running)).verified is False
        assert look(root).gaps == ()


def test_two_managers_in_one_tree(tmp_path):
    """Debian with the rpm tools: the second database is nearly empty, and both are asked."""
    Dpkg(tmp_path).package("a", {"/usr/bin/a": b"a"})
    rpm_sqlite(tmp_path, (rpm_header(b"b", {b"/usr/bin/b": sha256(b"b").encode()}), ["/usr/bin/b"]))
    packages = look(tmp_path)
    assert packages.asked == ("dpkg", "rpm")
    found = packages.owners_of(["/usr/bin/a", "/usr/bin/b"])
    assert {owner.manager for owner in found.values() if owner} == {"dpkg", "rpm"}


def test_the_owner_whose_digest_fits_is_named(tmp_path):
    headers = [rpm_header(n, {b"/usr/bin/x": sha256(n).encode()}) for n in (b"first", b"second")]
    rpm_sqlite(tmp_path, *[(header, ["/usr/bin/x"]) for header in headers])
    running = put(tmp_path, "/usr/bin/x", b"second")
    assert look(tmp_path).owner_of("/usr/bin/x").name == "first"
    assert look(tmp_path).verify("/usr/bin/x", str(running)).name == "second"
    put(tmp_path, "/usr/bin/x", b"third")
    assert look(tmp_path).verify("/usr/bin/x", str(running)).verified is False


def test_a_folder_that_many_packages_list_belongs_to_none(tmp_path):
    Dpkg(tmp_path).package("tool", {"/usr/bin/tool": b"tool"}).package("b", {"/usr/bin/b": b"b", "/opt/only/b": b"b"})
    packages = look(tmp_path)
    assert packages.owner_of("/usr/bin") is None
    assert packages.owner_of("/opt/only") is None
    assert packages.owner_of("/opt/only/b").name == "b"


def test_a_container_with_links_that_lead_out_sees_only_itself(tmp_path):
    Dpkg(tmp_path / "host").package("host", {"/usr/bin/tool": b"tool"})
    link(tmp_path / "box", "/var/lib/dpkg", str(tmp_path / "host/var/lib/dpkg"))
    link(tmp_path / "box", "/usr", "/../../../../../usr")
    packages = look(tmp_path / "box")
    assert packages.asked == ()
    assert packages.owner_of("/usr/bin/tool") is None


@pytest.mark.parametrize(
    "path", ["", "relative", "/a\0b", "/\ud800", "/x\n/y", "/" + "x/" * 5000, "(unreachable)/x", "/"]
)
def test_paths_that_no_file_has(tree, path):
    packages = look(tree)
    assert packages.owner_of(path) is None
    assert packages.verify(path, str(tree / "usr/bin/tool")) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_any_path(tree, path):
    look(tree).owners_of([path, "/" + path])


@pytest.mark.root
def test_the_tree_of_a_process_in_another_root(tmp_path):
    """/proc/PID/root of a process that changed its root, as a container's has."""
    if os.geteuid():
        pytest.skip("needs root: only root can change its root")
    root = tmp_path / "tree"
    Dpkg(root).package("boxed", {"/usr/bin/tool": b"tool"})
    ready, tell = os.pipe()
    hear, stop = os.pipe()
    pid = os.fork()
    if not pid:
        os.chroot(root)
        os.chdir("/")
        os.close(stop)  # else the child would keep its own pipe open and never hear its end
        os.write(tell, b"x")
        os.read(hear, 1)
        os._exit(0)
    try:
        os.read(ready, 1)
        packages = look(f"/proc/{pid}/root")
        assert packages.owner_of("/usr/bin/tool").name == "boxed"
        assert packages.verify("/usr/bin/tool", f"/proc/{pid}/root/usr/bin/tool").verified is True
    finally:
        for fd in (stop, tell, ready, hear):
            os.close(fd)
        os.waitpid(pid, 0)


def test_a_tree_that_is_gone_is_another_gap_than_one_without_a_database(tmp_path):
    """A process that ended, or one of another user: its root may not be looked into."""
    shutil.rmtree(tmp_path)
    assert "may not be looked into" in look(tmp_path).gaps[0].why


@pytest.mark.root
def test_an_ordinary_user_may_not_look_into_a_stranger_s_tree():
    if os.geteuid():
        pytest.skip("needs root: only root can become another user")
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        gaps = look("/proc/1/root").gaps
        os.write(tell, gaps[0].why.encode() if gaps else b"none")
        os._exit(0)
    os.close(tell)
    try:
        assert b"may not be looked into: Permission denied" in os.read(told, 4096)
    finally:
        os.close(told)
        os.waitpid(pid, 0)
