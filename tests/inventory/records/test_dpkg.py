"""dpkg's log and apt's history, as they were written on a machine."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.logs import Clock
from hb_engine.inventory.linux.records import dpkg
from hb_engine.model.event import Event

NOON = 1_795_608_000.0  # 2026-11-25 12:00:00 UTC
LOG = """2026-11-25 11:59:57 startup archives unpack
2026-11-25 11:59:58 install libjemalloc2:amd64 <none> 5.3.0-1
2026-11-25 11:59:58 status half-installed libjemalloc2:amd64 5.3.0-1
2026-11-25 11:59:59 upgrade nginx-common:all 1.22.1-9 1.22.1-9+deb12u1
2026-11-25 12:00:00 configure nginx-common:all 1.22.1-9+deb12u1 <none>
2026-11-25 12:00:01 trigproc libc-bin:amd64 2.36-9 <none>
2026-11-25 12:10:00 remove telnetd:amd64 0.17 <none>
2026-11-25 12:10:01 purge telnetd:amd64 0.17 <none>
"""
HISTORY = """
Start-Date: 2026-11-25  11:59:57
Commandline: apt install nginx
Requested-By: alice (1000)
Upgrade: nginx-common:amd64 (1.22.1-9, 1.22.1-9+deb12u1)
End-Date: 2026-11-25  12:00:02

Start-Date: 2026-11-25  12:09:59
Commandline: apt purge telnetd
End-Date: 2026-11-25  12:10:02
"""


def put(root, path, text, at=NOON + 3600):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text(text)
    os.utime(full, (at, at))


def test_what_changed_and_who_asked(tmp_path):
    put(tmp_path, dpkg.LOG, LOG)
    put(tmp_path, dpkg.HISTORY, HISTORY)
    found, gaps = dpkg.events(str(tmp_path), NOON - 3600)
    source = "/var/log/dpkg.log"
    assert gaps == ()
    assert found == (
        Event(NOON - 2, "package", "libjemalloc2 installed 5.3.0-1", source, "libjemalloc2", "alice"),
        Event(
            NOON - 1, "package", "nginx-common upgraded 1.22.1-9 -> 1.22.1-9+deb12u1", source, "nginx-common", "alice"
        ),
        Event(NOON + 600, "package", "telnetd removed", source, "telnetd"),
        Event(NOON + 601, "package", "telnetd removed", source, "telnetd"),
    )
    assert [one.subject for one in dpkg.events(str(tmp_path), NOON)[0]] == ["telnetd", "telnetd"]


def test_the_newest_before_a_rotation_are_found_too(tmp_path):
    put(tmp_path, dpkg.LOG, "", NOON + 5000)
    put(tmp_path, f"{dpkg.LOG}.1", LOG)
    assert len(dpkg.events(str(tmp_path), NOON - 3600)[0]) == 4


def test_a_machine_of_dpkg_without_a_log_says_so(tmp_path):
    put(tmp_path, dpkg.DATABASE, "")
    (gap,) = dpkg.events(str(tmp_path), 0.0)[1]
    assert gap.what == "which packages changed lately"
    put(tmp_path, dpkg.LOG, LOG, NOON - 9e6)
    assert dpkg.events(str(tmp_path), NOON) == ((), ()), "an old log: nothing changed"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2026-11-25 12:00:00 install",
        "2026-11-25 12:00:00 install  <none> 1",
        "2026-11-25 25:00:00 install a <none> 1",
        "2026-11-25 12:00:00 install a <none> 1 more",
        "\x1b[31m2026-11-25 12:00:00 status a <none> 1",
    ],
)
def test_other_lines_are_passed_over(tmp_path, line):
    put(tmp_path, dpkg.LOG, line)
    assert dpkg.events(str(tmp_path), 0.0) == ((), ())


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_log_breaks_it(tmp_path_factory, log, history):
    root = tmp_path_factory.mktemp("root")
    put(root, dpkg.LOG, log.encode("utf-8", "replace").decode())
    put(root, dpkg.HISTORY, "Start-Date: 2026-11-25  12:00:00\n" + history.encode("utf-8", "replace").decode())
    dpkg.events(str(root), 0.0)


@given(st.lists(st.sampled_from(HISTORY.split("\n")), max_size=12))
def test_paragraphs_in_any_order(told):
    for start, end, user in dpkg._requests(told, Clock("/nowhere")):
        assert start <= end + 86400
        assert user == "alice"
