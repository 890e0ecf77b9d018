"""When the machine was started."""

from __future__ import annotations

import pytest

from hb_engine.inventory.linux.records import boot


def put(root, text):
    (root / "proc").mkdir()
    (root / boot.FILE).write_text(text)
    return str(root)


def test_a_start_since_then(tmp_path):
    root = put(tmp_path, "cpu  1 2 3\nintr 5 btime\nbtime 1795600000\nprocesses 7\n")
    (event,), _ = boot.events(root, 1_795_599_999.0)
    assert (event.at, event.kind, event.text) == (1_795_600_000.0, "boot", "the machine was started")
    assert boot.events(root, 1_795_600_001.0) == ((), ())


@pytest.mark.parametrize("text", ["", "cpu 1\n", "cpu\nbtime\n", "cpu\nbtime x\n", "cpu\nbtime -5\n"])
def test_a_kernel_that_does_not_tell(tmp_path, text):
    assert boot.events(put(tmp_path, text), 0.0) == ((), ())


def test_this_machine_was_started_once():
    (event,), _ = boot.events("/", 0.0)
    assert event.at > 1.6e9
