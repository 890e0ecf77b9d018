"""Executables that were there, replaced, deleted, never there, or that only are called so. With real processes."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest
from tests.inventory.packages.trees import Dpkg, put

from hb_engine.inventory.linux.packages import Packages
from hb_engine.inventory.linux.packages.running import Running, exe_state
from hb_engine.model.owner import EXE_STATES

CAT = shutil.which("cat") or ""


@pytest.fixture
def tree(tmp_path):
    if not CAT:
        pytest.skip("needs a program that waits for its input (cat)")
    with open(CAT, "rb") as program:
        Dpkg(tmp_path).package("tool", {"/usr/bin/tool": program.read()}, version="2.0-1")
    return tmp_path


@contextmanager
def started(program):
    """A process that runs a file and waits on a pipe until the end of the test."""
    process = subprocess.Popen([str(program)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait()


def state(tree, pid):
    """exe_state() of a process as seen from the tree, whose prefix is taken from the link."""
    link = os.readlink(f"/proc/{pid}/exe").removeprefix(str(tree))
    found = exe_state(link, os.stat(f"/proc/{pid}/exe"), Packages(str(tree)))
    assert found.state in EXE_STATES
    return found


def test_a_program_that_is_there(tree):
    with started(tree / "usr/bin/tool") as pid:
        assert state(tree, pid) == Running("/usr/bin/tool", "present")


def test_a_program_that_an_update_replaced(tree):
    with started(tree / "usr/bin/tool") as pid:
        shutil.copy(tree / "usr/bin/tool", tree / "usr/bin/tool.dpkg-new")
        os.rename(tree / "usr/bin/tool.dpkg-new", tree / "usr/bin/tool")
        found = state(tree, pid)
        assert os.readlink(f"/proc/{pid}/exe").endswith("tool (deleted)")
    assert (found.path, found.state) == ("/usr/bin/tool", "replaced")
    assert "tool 2.0-1" in found.detail
    assert "restart" in found.detail


def test_a_program_that_something_else_replaced(tree):
    program = put(tree, "/opt/own", (tree / "usr/bin/tool").read_bytes(), 0o755)
    with started(program) as pid:
        program.unlink()
        put(tree, "/opt/own", b"other")
        found = state(tree, pid)
    assert (found.path, found.state) == ("/opt/own", "replaced")
    assert "no package" in found.detail


def test_a_program_that_was_deleted(tree):
    program = put(tree, "/opt/own", (tree / "usr/bin/tool").read_bytes(), 0o755)
    with started(program) as pid:
        program.unlink()
        found = state(tree, pid)
    assert (found.path, found.state) == ("/opt/own", "deleted")
    assert "no package" in found.detail


def test_a_packaged_program_that_was_deleted(tree):
    with started(tree / "usr/bin/tool") as pid:
        (tree / "usr/bin/tool").unlink()
        found = state(tree, pid)
        verified = Packages(str(tree)).verify(found.path, f"/proc/{pid}/exe")
    assert found.state == "deleted"
    assert "tool 2.0-1" in found.detail
    assert verified is not None
    assert verified.verified is True  # the bytes are still the package's: judged by the inode that runs


def test_a_program_that_is_really_called_deleted(tree):
    program = put(tree, "/opt/x (deleted)", (tree / "usr/bin/tool").read_bytes(), 0o755)
    put(tree, "/opt/x", b"a decoy")
    with started(program) as pid:
        assert state(tree, pid) == Running("/opt/x (deleted)", "present")
        program.unlink()
        assert os.readlink(f"/proc/{pid}/exe").endswith(" (deleted) (deleted)")
        assert state(tree, pid).state == "deleted"
        assert state(tree, pid).path == "/opt/x (deleted)"


def test_a_deleted_program_whose_name_a_decoy_takes(tree):
    """x is deleted; the kernel says "x (deleted)", and somebody makes a file of just that name."""
    program = put(tree, "/opt/x", (tree / "usr/bin/tool").read_bytes(), 0o755)
    with started(program) as pid:
        program.unlink()
        put(tree, "/opt/x (deleted)", b"a decoy")
        found = state(tree, pid)
    assert (found.path, found.state) == ("/opt/x", "deleted")


def test_a_program_that_never_was_a_file(tree):
    fd = os.memfd_create("evil")
    os.write(fd, (tree / "usr/bin/tool").read_bytes())
    process = subprocess.Popen(
        [f"/proc/self/fd/{fd}"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=(fd,)
    )
    os.close(fd)
    try:
        found = state(tree, process.pid)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait()
    assert (found.path, found.state) == ("/memfd:evil", "memfd")


def test_a_file_that_is_called_like_a_memfd(tree):
    place = put(tree, "/memfd:x (deleted)", b"x")
    found = exe_state("/memfd:x (deleted)", place.stat(), Packages(str(tree)))
    assert found == Running("/memfd:x (deleted)", "present")


def test_a_file_that_was_deleted_and_linked_again(tree):
    place = put(tree, "/opt/x", b"x")
    found = exe_state("/opt/x (deleted)", place.stat(), Packages(str(tree)))
    assert (found.path, found.state) == ("/opt/x", "present")


def test_a_file_under_a_mount(tree):
    """The kernel holds the name to be alive, and another file answers to it."""
    hidden = put(tree, "/elsewhere", b"x")
    found = exe_state("/usr/bin/tool", hidden.stat(), Packages(str(tree)))
    assert found.state == "replaced"
    assert "mounted over" in found.detail


def test_a_file_that_is_replaced_between_two_looks(tree):
    place = put(tree, "/opt/x", b"x")
    with place.open("rb") as running:
        place.unlink()
        put(tree, "/opt/x", b"y")
        found = exe_state("/opt/x", os.fstat(running.fileno()), Packages(str(tree)))
    assert found.state == "replaced"


def test_a_file_of_another_tree(tree):
    outside = put(tree, "/x", b"x").stat()
    found = exe_state("/not/visible", outside, Packages(str(tree)))
    assert found.state == "present"
    assert "another file tree" in found.detail


def test_names_with_strange_bytes(tree):
    place = put(tree, "/opt/\n\x1b[0m\udcff", b"x")
    packages = Packages(str(tree))
    assert exe_state("/opt/\n\x1b[0m\udcff", place.stat(), packages).state == "present"
    assert exe_state("/opt/\udcfe (deleted)", place.stat(), packages).state == "deleted"
    assert exe_state(" (deleted)", place.stat(), packages).state in EXE_STATES
