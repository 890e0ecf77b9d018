"""Probes are found by the folder that they lie in, by port, by name and by what TLS agreed on."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest

from hb_engine.identify import loading
from hb_engine.identify.kit import CARE, Probe
from hb_engine.identify.loading import Library, Module, wants_tls

SOURCES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "src")


def _no_talk(peer):
    yield from ()


def module(name, **more):
    return Module(name, Probe(name, **more), _no_talk)


ALPHA = module("alpha", tcp=(1, 2), tls=(3,), names=("first", "Alpha-Secure"), alpn=("alpha/1",))
BETA = module("beta", tcp=(2,), udp=(2,), names=("first",), alpn=("beta", "alpha/1"))
LIBRARY = Library([ALPHA, BETA])


@pytest.mark.parametrize(
    ("kind", "port", "found"),
    [("tcp", 1, (ALPHA,)), ("tcp", 2, (ALPHA, BETA)), ("tls", 3, (ALPHA,)), ("udp", 2, (BETA,)), ("udp", 1, ())],
)
def test_by_port(kind, port, found):
    assert LIBRARY.at(kind, port) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("alpha", (ALPHA,)),
        ("alpha-secure", (ALPHA,)),
        ("FIRST", (ALPHA, BETA)),
        ("ssl/beta", (BETA,)),
        ("gamma", ()),
        ("", ()),
    ],
)
def test_by_name(name, found):
    assert LIBRARY.named(name) == found


def test_by_what_tls_agreed_on():
    assert LIBRARY.agreed("alpha/1") == (ALPHA, BETA)
    assert LIBRARY.agreed("") == ()
    assert LIBRARY.alpn == ("http/1.1", "alpha/1", "beta")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("https", True), ("IMAPS", True), ("ssl/http", True), ("tls/x", True), ("http", False), ("nfs", False)],
)
def test_which_names_promise_tls(name, wanted):
    assert wants_tls(name) is wanted


def test_the_folder_is_the_list():
    names = loading.probe_names()
    assert {"ssh", "redis"} <= set(names)
    assert "__init__" not in names
    assert len(names) == len(set(names))
    found = loading.load()
    assert sorted(module.file for module in found.modules) == sorted(names)


def test_every_probe_keeps_the_contract():
    for module in loading.load().modules:
        probe = module.probe
        assert probe.care in CARE, module.file
        assert probe.speaks in ("server", "client", "either"), module.file
        assert callable(module.talk), module.file
        assert all(0 < port < 65536 for port in (*probe.tcp, *probe.tls, *probe.udp)), module.file


@pytest.mark.slow
def test_the_folder_is_listed_inside_an_archive(tmp_path):
    """hb.pyz is one file: its folders cannot be listed as folders."""
    archive = tmp_path / "hb.pyz"
    with zipfile.ZipFile(archive, "w") as file:
        for folder in ("hb_engine", "hb_engine/identify", "hb_engine/identify/probes", "hb_engine/model"):
            for name in os.listdir(os.path.join(SOURCES, folder)):
                if name.endswith(".py"):
                    file.write(os.path.join(SOURCES, folder, name), f"{folder}/{name}")
    code = "from hb_engine.identify.loading import probe_names; print(*sorted(probe_names()))"
    environment = {**os.environ, "PYTHONPATH": str(archive)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == sorted(loading.probe_names())


def test_an_empty_library_answers_every_question():
    empty = Library([])
    assert (empty.at("tcp", 80), empty.named("http"), empty.agreed("h2"), empty.alpn) == ((), (), (), ("http/1.1",))
