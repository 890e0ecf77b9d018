"""The people of the story, read from live processes; packages are a fake here, and have tests of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

import pytest

from hb_engine.inventory.linux import containers, packages
from hb_engine.inventory.linux.census import Census
from hb_engine.inventory.linux.owners import People
from hb_engine.model.inventory import Gap
from hb_engine.model.owner import Container, Hold, Package
from hb_engine.wire.task_program import PROCESS, PROCESS_ROW

NOBODY = 4_194_305  # above the largest pid that Linux gives
PYTHON = os.path.realpath(sys.executable)
GAP = Gap("packages", "their database is broken", "repair it")


class Room:
    """A package manager that owns the interpreter, and counts how often it is asked."""

    made: list[str] = []  # noqa: RUF012 - emptied by the fixture
    questions: list[list[str]] = []  # noqa: RUF012
    asked = ("dpkg",)
    gaps = (GAP,)

    def __init__(self, root, memo=None, fresh=False) -> None:
        self.made.append(root)

    def owners_of(self, paths):
        self.questions.append(list(paths))
        return {path: Package("python3", "3.11", "dpkg") if path == PYTHON else None for path in paths}

    def owner_of(self, path):
        return self.owners_of([path])[path]

    def verify(self, path, running):
        assert os.path.realpath(running) == PYTHON
        return Package("python3", "3.11", "dpkg", verified=True)


@pytest.fixture(autouse=True)
def room(monkeypatch):
    monkeypatch.setattr(packages, "Packages", Room)
    Room.made, Room.questions = [], []
    return Room


@pytest.fixture
def child():
    """A Python that waits: its pid."""
    command = [PYTHON, "-I", "-S", "-c", "import sys; print(flush=True); sys.stdin.read()", "an argument"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.stdin.close()


def test_a_process_is_described(child):
    owner = People(Census("test")).owner(child)
    assert owner is not None
    assert (owner.pid, owner.exe, owner.exe_state, owner.uid) == (child, PYTHON, "present", os.geteuid())
    assert owner.cmdline[-1] == "an argument"
    assert owner.parents[0].pid == os.getpid()
    assert owner.started_at is not None
    assert 0 <= time.time() - owner.started_at < 60
    assert owner.origin is not None


def test_its_package_is_asked_and_the_running_bytes_verified(child, room):
    owner = People(Census("test")).owner(child)
    assert owner is not None
    assert owner.package == Package("python3", "3.11", "dpkg", verified=True)
    assert room.made == ["/"]


def test_what_packages_could_not_say_is_a_gap_and_who_was_asked_a_source(child):
    people = People(Census("test"))
    people.owner(child)
    assert list(people.gaps) == [GAP]
    assert list(people.sources) == ["packages dpkg"]


def test_all_executables_are_asked_about_at_once(child, room):
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write(b"x")
        other.stdin.flush()
        other.stdout.read(1)  # it is cat by now, and no longer this program
        People(Census("test")).meet([child, other.pid, child])
    ((first, second),) = room.questions
    assert first == PYTHON
    assert os.path.basename(second) in ("cat", "coreutils", "busybox")


def test_a_process_is_read_once(child, room):
    people = People(Census("test"))
    first = people.owner(child)
    assert people.owner(child) is first
    people.meet([child])
    assert len(room.questions) == 1


def test_how_it_holds_the_socket_is_told_of_this_socket_only(child):
    people = People(Census("test"))
    holds = (Hold("io_uring", "registered with the ring on fd 4"),)
    held = people.owner(child, holds)
    plain = people.owner(child)
    assert held is not None
    assert plain is not None
    assert (held.holds, plain.holds) == (holds, ())


def test_a_process_that_has_ended_is_nobody():
    people = People(Census("test"))
    people.meet([NOBODY])
    assert people.owner(NOBODY) is None


def test_processes_beside_one_that_has_ended_are_described(child):
    people = People(Census("test"))
    people.meet([NOBODY, child])
    assert people.owner(child) is not None


@pytest.mark.parametrize(
    ("cgroup", "unit"),
    [(None, None), ("", None), ("/system.slice/ssh.service", "ssh.service"), ("/init.scope", "init.scope")],
)
def test_the_unit_of_a_cgroup(cgroup, unit):
    assert People(Census("test")).place(cgroup) == (unit, None)


def test_the_container_of_a_cgroup_and_what_could_not_be_read_of_it():
    people = People(Census("test"))
    name = "4f1d" * 16
    _, container = people.place(f"/system.slice/docker-{name}.scope")
    assert container is not None
    assert (container.runtime, container.id) == ("docker", name)
    assert any("docker" in gap.what for gap in people.gaps)


def kernel_row(census, pid, comm=b"hidden"):
    """A census in which the kernel knows of a process that /proc does not show."""
    census.table = PROCESS_ROW.pack(PROCESS, pid, 1, 0, 0, 1, 11, 0, 10**9, 14, 15, 16, comm)
    census.places = {pid: 0}
    return census


def test_a_process_that_proc_lacks_has_ended():
    assert People(kernel_row(Census("test"), NOBODY)).owner(NOBODY) is None


def test_a_process_that_proc_still_lacks_on_a_second_look_is_told_as_the_kernel_knows_it():
    owner = People(kernel_row(Census("test"), NOBODY), insist=True).owner(NOBODY)
    assert owner is not None
    assert (owner.pid, owner.comm, owner.exe, owner.exe_state) == (NOBODY, "hidden", None, "unreadable")


LAID_OVER = """
mount --bind "$1" "$2" || exit 77
exec "$2" -I -S -c "import sys; print(flush=True); sys.stdin.read()"
"""


@pytest.fixture
def laid_over(tmp_path):
    """A copy of Python that a user namespace laid over /bin/true: its pid."""
    copy = tmp_path / "python"
    shutil.copy(PYTHON, copy)
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", LAID_OVER, "sh", str(copy)]
    words.append(os.path.realpath("/bin/true"))
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        if not process.stdout.readline():
            pytest.skip("no user namespace may be made here")
        yield process.pid
        process.stdin.close()


def test_a_file_that_a_user_laid_over_the_machines_is_not_that_file(laid_over, room):
    """Its own list of packages would say that it is: nobody asks there."""
    owner = People(Census("test")).owner(laid_over)
    assert owner is not None
    assert (owner.exe, owner.exe_state) == (os.path.realpath("/bin/true"), "elsewhere")
    assert owner.package is None
    assert room.made == []


def test_a_namespace_in_which_the_file_is_the_same_is_asked_about_as_the_machine(room):
    words = ["unshare", "--user", "--map-root-user", "--mount", PYTHON, "-I", "-S", "-c"]
    code = "import sys; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [*words, code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if not process.stdout.readline():
            pytest.skip("no user namespace may be made here")
        owner = People(Census("test")).owner(process.pid)
        process.stdin.close()
    assert owner is not None
    assert (owner.exe, owner.exe_state, owner.package) == (
        PYTHON,
        "present",
        Package("python3", "3.11", "dpkg", verified=True),
    )
    assert room.made == ["/"]


@pytest.mark.parametrize("beneath", ["/system.slice", "/user.slice/user-1000.slice/user@1000.service/app.slice"])
def test_a_container_beneath_a_users_manager_is_told_as_the_users(beneath, monkeypatch):
    """The number of the machine's container is no secret, and a user may call a cgroup by it."""
    web = Container("docker", "a" * 64, name="web", image="nginx:1.27")
    monkeypatch.setattr(containers, "resolve", lambda *_, **__: (web, None))
    _, found = People(Census("test")).place(f"{beneath}/docker-{'a' * 64}.scope")
    assert found is not None
    users = "user@1000.service/" if "user@" in beneath else ""
    assert (found.name, found.image) == (f"{users}web", f"{users}nginx:1.27")
