"""This machine's own package database and programs, where it has one that hb reads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from hb_engine.inventory.linux.memo import Memo
from hb_engine.inventory.linux.packages import NOT_COMPARED, Packages


@pytest.fixture(scope="module")
def packages():
    found = Packages("/")
    if not found.asked:
        pytest.skip("this machine has no package database that hb reads")
    return found


@pytest.mark.slow
def test_the_shell_belongs_to_a_package_and_is_that_package_s(packages):
    found = packages.verify("/bin/sh", os.path.realpath("/bin/sh"))
    assert found is not None
    assert found.version
    assert found.verified is True, found.detail
    assert packages.gaps == ()


@pytest.mark.slow
def test_a_changed_copy_of_a_packaged_program_is_in_no_package(packages, tmp_path):
    shutil.copy(os.path.realpath("/bin/sh"), tmp_path / "sh")
    assert packages.owner_of(str(tmp_path / "sh")) is None


@pytest.mark.slow
def test_owners_agree_with_dpkg(packages):
    """Every fortieth program of /usr/bin, against dpkg-query --search under each of its names."""
    if "dpkg" not in packages.asked or not shutil.which("dpkg-query"):
        pytest.skip("needs dpkg-query")
    paths = [f"/usr/bin/{name}" for name in sorted(os.listdir("/usr/bin"))[::40]]
    paths = [path for path in paths if not os.path.islink(path)]
    ours = packages.owners_of(paths)
    for path in paths:
        theirs = set()
        for name in (path, path.removeprefix("/usr")):
            told = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True, check=False).stdout
            for line in told.splitlines():
                who, _, where = line.partition(": ")
                if where == name and not who.startswith("diversion "):
                    theirs |= {part.strip().partition(":")[0] for part in who.split(",")}
        owner = ours[path]
        assert (owner.name in theirs) if owner else not theirs, path


@pytest.mark.slow
def test_a_second_run_reads_no_database(packages, tmp_path):
    folder = str(tmp_path / "cache")
    first = Memo(folder)
    Packages("/", first, clock=_later).verify("/bin/sh", "/bin/sh")
    assert first.save()
    second = Packages("/", Memo(folder), clock=_later)
    second._managers = ()
    found = second.verify("/bin/sh", "/bin/sh", cold=False)
    assert found is not None
    assert found.detail != NOT_COMPARED


def _later():
    """A time at which everything on this machine has settled, in nanoseconds."""
    return 1 << 62


def test_a_path_outside_every_package(packages):
    assert packages.owner_of(os.path.realpath(__file__)) is None
    assert packages.owner_of(f"/proc/{os.getpid()}/exe") == packages.owner_of(os.path.realpath(sys.executable))
