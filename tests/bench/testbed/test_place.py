"""The hands of a place, on a folder of the test's own. The walls around it are tested with a whole bed."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest
from bench.testbed.place import Place


@pytest.fixture
def place(tmp_path):
    return Place("one", "10.77.1.2", str(tmp_path))


def test_files_and_folders_are_made_with_what_is_above_them(place):
    path = place.write("a/b/c.conf", "text\n", mode=0o600)
    assert path == place.path("a/b/c.conf")
    assert os.stat(path).st_mode & 0o777 == 0o600
    with open(path, encoding="utf-8") as file:
        assert file.read() == "text\n"
    folder = place.make("d", mode=0o700)
    assert os.stat(folder).st_mode & 0o777 == 0o700
    assert place.path("/etc/hosts") == "/etc/hosts"


def test_a_command_is_run_to_its_end_and_its_failure_is_raised(place):
    assert place.run("cat", data="said\n") == "said\n"
    assert place.run("sh", "-c", "echo $WORD$HOME", environment={"WORD": "at"}) == f"at{place.folder}\n"
    with pytest.raises(subprocess.CalledProcessError):
        place.run("false")


def test_a_command_that_stays_is_remembered_and_its_words_go_to_the_log(place):
    place.spawn("sh", "-c", "echo here; echo there >&2; exit 3")
    [pid] = place.children
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3
    with open(place.path("log"), encoding="utf-8") as log:
        assert sorted(log.read().split()) == ["here", "there"]


def test_a_serial_line_writes_down_what_it_gets(place):
    device = place.record("line")
    [pid] = place.children
    try:
        assert os.stat(place.path("line")).st_size == 0
        with open(device, "wb", buffering=0) as line:
            line.write(b"\x1b%-12345X\r\n\xff")
            subprocess.run(["sh", "-c", f"until [ -s {place.path('line')} ]; do :; done"], timeout=10, check=True)
        with open(place.path("line"), "rb") as file:
            assert b"\x1b%-12345X\r\n\xff".startswith(file.read()[:1])
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
