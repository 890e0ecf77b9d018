"""What is asked of Debian. Nothing is installed here."""

from __future__ import annotations

import shutil

import pytest
from bench.testbed.kit import Server
from bench.testbed.packages import TOOLS, install, installed, wanted


def test_each_package_is_wanted_once_and_the_beds_own_tools_first():
    servers = [Server(("redis-server", "stunnel4"), ()), Server(("redis-server", "nmap"), (), ("exim4-base",))]
    assert wanted(servers) == [*TOOLS, "redis-server", "stunnel4"]


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="not Debian: no dpkg-query")
def test_what_is_installed_has_its_version_and_what_is_not_is_left_out():
    found = installed(["dpkg", "no-such-package-anywhere"])
    assert list(found) == ["dpkg"]
    assert found["dpkg"][0].isdigit()
    assert installed([]) == {}


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="not Debian: no dpkg-query")
def test_nothing_is_done_where_nothing_is_missing():
    assert install(["dpkg"]) == {}
