"""What machine this is, and what hb may do on it."""

from __future__ import annotations

import os

import pytest

from hb_engine.inventory.linux import machine


def test_the_name_of_a_system(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
    assert machine.host(str(tmp_path)).system == "Debian GNU/Linux 12 (bookworm)"


def test_without_os_release_the_kernels_name_stands_in(tmp_path):
    host = machine.host(str(tmp_path))
    assert (host.system, host.kernel, host.boot_id) == ("Linux", os.uname().release, "")


@pytest.mark.parametrize(
    ("effective", "missing"),
    [
        ("000001ffffffffff", ()),
        ("0000000000000000", machine.NEEDED),
        ("0000000000080004", ("CAP_SYS_ADMIN",)),
    ],
)
def test_capabilities(tmp_path, effective, missing):
    status = tmp_path / "status"
    status.write_text(f"Name:\tx\nCapPrm:\t0\nCapEff:\t{effective}\nCapBnd:\t0\n")
    assert machine.missing_capabilities(str(status)) == missing


def test_capabilities_that_cannot_be_read_are_not_assumed(tmp_path):
    assert machine.missing_capabilities(str(tmp_path / "none")) == machine.NEEDED


def test_threads_users_and_time_of_this_machine():
    assert machine.threads() > 0
    assert machine.owner_of(os.getpid()) == os.geteuid()
    assert machine.owner_of(2**22 + 1) is None
    assert machine.now() > 1.7e9
