"""Classes by the RFC; privilege and the ephemeral range by the kernel, or by the book, and it is said which."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.registry import ranges


@pytest.fixture
def proc(tmp_path):
    """A kernel's settings, made by hand."""

    def make(**settings: bytes | str | None) -> str:
        texts = {
            "ip_unprivileged_port_start": "1024\n",
            "ip_local_port_range": "32768\t60999\n",
            "ip_local_reserved_ports": "\n",
        } | settings
        for name, text in texts.items():
            if text is not None:
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(tmp_path)

    return make


def here(port, proc):
    return ranges.port_range(port, "linux", proc)


@pytest.mark.parametrize(
    ("port", "name", "first", "last"),
    [
        (0, "system", 0, 1023),
        (1023, "system", 0, 1023),
        (1024, "user", 1024, 49151),
        (1703, "user", 1024, 49151),
        (49151, "user", 1024, 49151),
        (49152, "dynamic", 49152, 65535),
        (65535, "dynamic", 49152, 65535),
    ],
)
def test_classes(port, name, first, last, proc):
    found = here(port, proc())
    assert (found.name, found.first, found.last) == (name, first, last)


@pytest.mark.parametrize(
    ("port", "privileged", "ephemeral"),
    [(1, True, False), (1023, True, False), (1024, False, False), (32768, False, True), (60999, False, True)],
)
def test_the_kernel_s_defaults(port, privileged, ephemeral, proc):
    found = here(port, proc())
    assert (found.privileged, found.ephemeral) == (privileged, ephemeral)
    assert found.detail == "ip_unprivileged_port_start is 1024, ip_local_port_range is 32768-60999"


def test_a_kernel_with_other_settings(proc):
    folder = proc(ip_unprivileged_port_start="0\n", ip_local_port_range="1024\t65535\n")
    found = here(80, folder)
    assert found.privileged is False
    assert here(1703, folder).ephemeral is True


@pytest.mark.parametrize(("port", "ephemeral"), [(40000, False), (41005, False), (41000, False), (41011, True)])
def test_ports_that_are_left_out(port, ephemeral, proc):
    found = here(port, proc(ip_local_reserved_ports="40000,41000-41010\n"))
    assert found.ephemeral is ephemeral
    assert ("leaves it out" in found.detail) is not ephemeral


def test_settings_that_cannot_be_read(tmp_path):
    found = here(1703, str(tmp_path))
    assert (found.privileged, found.ephemeral) == (None, None)
    assert "ip_unprivileged_port_start cannot be read (No such file or directory)" in found.detail
    assert "ip_local_port_range cannot be read" in found.detail


def test_an_old_kernel_without_the_list_of_exceptions(proc):
    found = here(40000, proc(ip_local_reserved_ports=None))
    assert found.ephemeral is True
    assert "ip_local_reserved_ports cannot be read" in found.detail


@pytest.mark.parametrize("text", ["", "x", "1 2 3", "-5", "99999999", b"\xff\xfe", "1024 x"])
def test_settings_that_are_something_else(text, proc):
    found = here(40000, proc(ip_unprivileged_port_start=text, ip_local_port_range=text))
    assert (found.privileged, found.ephemeral) == (None, None)
    assert found.detail.isprintable()


@given(st.binary(max_size=40))
def test_any_bytes_in_the_settings(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("proc")
    for name in (ranges.UNPRIVILEGED, ranges.LOCAL, ranges.RESERVED):
        (folder / name).write_bytes(data)
    assert here(40000, str(folder)).detail.isprintable()
    (folder / ranges.LOCAL).write_bytes(b"1 65535")
    assert here(40000, str(folder)).ephemeral in (True, False)


@pytest.mark.skipif(not os.path.isdir(ranges.PROC), reason="this system has no /proc/sys/net/ipv4")
def test_this_machine():
    found = ranges.port_range(1703)
    assert found.privileged is not None
    assert found.ephemeral is not None


@pytest.mark.parametrize(
    ("platform", "port", "privileged", "ephemeral", "word"),
    [
        ("darwin", 80, True, False, "wildcard"),
        ("darwin", 50000, False, True, "49152-65535"),
        ("win32", 80, False, False, "excludedportrange"),
        ("win32", 49152, False, True, "dynamicport"),
        ("freebsd14", 1023, True, False, "reservedhigh"),
        ("freebsd14", 10000, False, True, "portrange"),
        ("openbsd7", 1703, False, True, "portfirst"),
        ("netbsd10", 50000, False, True, "anonportmin"),
        ("sunos5", 32768, False, True, "net_privaddr"),
        ("aix7", 80, True, False, "no -a"),
    ],
)
def test_other_systems_by_the_book(platform, port, privileged, ephemeral, word):
    found = ranges.port_range(port, platform)
    assert (found.privileged, found.ephemeral) == (privileged, ephemeral)
    assert word in found.detail
    assert "not asked here" in found.detail


def test_a_system_that_nobody_knows():
    found = ranges.port_range(80, "plan9")
    assert (found.name, found.privileged, found.ephemeral) == ("system", None, None)
    assert "plan9" in found.detail


def test_1703_elsewhere():
    found = {place.system: place for place in ranges.elsewhere(1703)}
    assert {name for name, place in found.items() if place.ephemeral} == {"OpenBSD", "Windows XP and 2003"}
    assert not any(place.privileged for place in found.values())
    assert list(found)[:3] == ["Linux", "macOS", "Windows"]


def test_80_elsewhere():
    found = {place.system: place.privileged for place in ranges.elsewhere(80)}
    assert found["Linux"] is True
    assert found["macOS"] is True
    assert found["Windows"] is False


@given(st.integers(0, 65535))
def test_every_port_has_one_class(port):
    found = ranges.port_range(port, "darwin")
    assert found.first <= port <= found.last
    assert len(ranges.elsewhere(port)) == len(ranges.DEFAULTS)
