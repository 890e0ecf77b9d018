"""hb as a process: what it imports, how it ends, and that it needs no package and no writable output."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SOURCE = os.path.join(os.path.dirname(__file__), "..", "..", "src")
HEAVY = {
    *(
        "dataclasses",
        "typing",
        "re",
        "json",
        "enum",
        "socket",
        "argparse",
        "subprocess",
        "pathlib",
        "datetime",
        "logging",
    ),
    *(
        "contextlib",
        "functools",
        "collections",
        "ipaddress",
        "hashlib",
        "sqlite3",
        "tempfile",
        "shutil",
        "urllib",
        "inspect",
    ),
    *("csv", "rich", "unicodedata", "pkgutil", "difflib"),
}


def hb(*line, **more):
    environment = {**os.environ, "PYTHONPATH": SOURCE, "LANG": "C.UTF-8"}
    command = [sys.executable, "-S", "-m", "hb_engine", *line]
    return subprocess.run(command, env=environment, check=False, **{"capture_output": True, "text": True, **more})


def test_a_bare_checkout_answers():
    done = hb("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("hb ")


def test_exit_statuses_come_through():
    assert hb("lss").returncode == 2
    assert hb("--help").returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        *(
            "cli.main",
            "cli.verbs.port",
            "cli.verbs.ls",
            "cli.verbs.why",
            "cli.verbs.summary",
            "cli.plain",
            "cli.pretty",
        ),
        *("stories.port", "stories.why", "stories.listing", "stories.summary", "export.documents"),
    ],
)
def test_nothing_heavy_is_imported_on_the_way(name):
    test = f"import sys; before = set(sys.modules); import hb_engine.faces.{name}; print(*(set(sys.modules) - before))"
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    done = subprocess.run(
        [sys.executable, "-S", "-c", test], env=environment, check=True, capture_output=True, text=True
    )
    assert not HEAVY & set(done.stdout.split())


def test_a_full_disk_is_exit_2():
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full on this system")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = hb("--help", stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert done.returncode == 2
    assert done.stderr.startswith("hb: the answer could not be written: No space left on device")
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_trouble():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        done = hb("--help", stdout=gone, stderr=subprocess.PIPE, capture_output=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="descriptors are closed by a POSIX shell's means")
def test_no_standard_output_is_exit_2():
    done = hb("--help", stderr=subprocess.PIPE, capture_output=False, preexec_fn=lambda: os.close(1))
    assert done.returncode == 2
    assert "no standard output" in done.stderr
