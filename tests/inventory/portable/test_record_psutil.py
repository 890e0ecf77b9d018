"""The tool writes a recording that hb reads, and an anonymous one names nobody."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from typing import Any

import pytest
from tests.inventory.portable.recordings import machine

from hb_engine.inventory.portable.collect import Replay, collect

TOOL = os.path.join(os.path.dirname(__file__), "..", "..", "..", "tools", "record_psutil.py")


@pytest.fixture
def tool(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec = importlib.util.spec_from_file_location("record_psutil", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_writes_what_hb_reads(tool, capsys):
    pytest.importorskip("psutil")
    assert tool.main([]) == 0
    document = json.loads(capsys.readouterr().out)
    assert collect(document["system"], Replay(document)).host.name == document["host"]


def test_an_anonymous_recording_names_nobody(tool):
    document = machine("macos_root")
    tool.anonymise(document)
    text = json.dumps(document)
    assert "anns-air" not in text
    assert '"ann"' not in text
    assert collect("darwin", Replay(document)).openings


@pytest.mark.parametrize(
    ("path", "then"),
    [
        ("/Users/ann/bin/x", "/Users/someone/bin/x"),
        ("/home/ann/x", "/home/someone/x"),
        ("C:\\Users\\ann\\AppData\\x.exe", "C:\\Users\\someone\\AppData\\x.exe"),
        ("/usr/sbin/httpd", "/usr/sbin/httpd"),
        ("/Users/Shared", "/Users/Shared"),
    ],
)
def test_homes_lose_their_names(tool, path, then):
    assert tool._homeless(path) == then


def test_trouble_is_said_on_stderr(tool, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert tool.main([]) == 2
    assert "needs psutil" in capsys.readouterr().err
