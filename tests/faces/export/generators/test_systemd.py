"""The drop-ins are read by systemd itself without a complaint; forbidden ports are cut out of what is allowed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from tests.faces import judged, orders

from hb_engine.faces.export.generators import systemd
from hb_engine.model.baseline import Is, Listen
from hb_engine.model.record import replace

LINE = re.compile(
    r"|#.*|\[(?:Service|Socket|Slice)\]|SocketBindDeny=any|SocketBindAllow=(?:tcp|udp)(?::\d{1,5}(?:-\d{1,5})?)?"
)
NAME = re.compile(r"[A-Za-z0-9:_.\\@-]+\.(?:service|socket|slice)\.d/50-hb-baseline\.conf")


def files(order):
    return dict(systemd.write(order))


def binds(order, unit):
    found = files(order)[f"{unit}.d/{systemd.FILE}"].splitlines()
    return [line.partition("=")[2] for line in found if line.startswith("SocketBindAllow=")]


@given(orders.texts)
def test_no_text_becomes_syntax_or_a_path(text):
    for name, written in systemd.write(orders.saying(text)):
        assert NAME.fullmatch(name), name
        assert os.path.normpath(name) == name
        for line in written.splitlines():
            assert LINE.fullmatch(line), line


def test_a_file_for_each_unit():
    assert list(files(orders.ORDER)) == [
        "nginx.service.d/50-hb-baseline.conf",
        "node-exporter.service.d/50-hb-baseline.conf",
        "postgresql@.service.d/50-hb-baseline.conf",  # the template of all its instances
        "rpc.service.d/50-hb-baseline.conf",
    ]
    assert files(orders.EMPTY) == {}
    for order in orders.ALL.values():
        assert all(LINE.fullmatch(line) for text in files(order).values() for line in text.splitlines())


def test_a_unit_may_bind_what_its_rules_and_those_for_anyone_name():
    assert binds(orders.ORDER, "nginx.service") == ["tcp:22", "tcp:443", "tcp:8080", "tcp:8443", "udp:68", "udp:443"]
    assert binds(orders.ORDER, "rpc.service") == ["tcp:22", "tcp:8080", "tcp:8443", "tcp:40000-50000", "udp:68"]


def only(*rules):
    return replace(orders.ORDER, rules=rules)


def test_what_is_forbidden_is_cut_out():
    wide = orders.rule("wide", Listen("tcp", place="any"), by=Is("unit", "x"))
    assert binds(only(wide), "x.service") == ["tcp"]
    assert binds(only(wide, orders.NO_TELNET), "x.service") == ["tcp:1-22", "tcp:24-65535"]
    assert binds(only(wide, orders.NO_DOCKER), "x.service") == ["tcp"]  # it is forbidden on some addresses alone
    assert binds(only(wide, orders.NO_APACHE), "x.service") == ["tcp"]
    narrow = orders.rule("narrow", orders.at("tcp", 23), by=Is("unit", "x"))
    assert binds(only(narrow, orders.NO_TELNET), "x.service") == []
    assert "SocketBindDeny=any" in files(only(narrow, orders.NO_TELNET))["x.service.d/50-hb-baseline.conf"]


def test_any_transport_is_both():
    rule = orders.rule("x", Listen("any", 53, 53), Listen("sctp", 9, 9), by=Is("unit", "dns"))
    assert binds(only(rule), "dns.service") == ["tcp:53", "udp:53"]
    assert "SocketBind knows TCP and UDP alone" in files(only(rule))["dns.service.d/50-hb-baseline.conf"]


@pytest.mark.parametrize(
    ("unit", "folder"),
    [
        ("nginx.service", "nginx.service.d"),
        ("dbus.socket", "dbus.socket.d"),
        ("system.slice", "system.slice.d"),
        ("a@b.service", "a@b.service.d"),
        ("a@*.service", "a@.service.d"),
        ("*.service", ""),
        ("ngin?.service", ""),
        ("../x.service", ""),
        ("a/b.service", ""),
        (".service", ""),
        ("..service", ""),
        ("x.mount", ""),
        ("session-1.scope", ""),
        ("nginx", ""),
        ("a b.service", ""),
        ("\u00fc.service", ""),
        ("x\n.service", ""),
        ("x" * 300 + ".service", ""),
    ],
)
def test_folders(unit, folder):
    assert systemd.folder_of(unit) == folder


def test_more_than_systemd_takes_is_said():
    many = orders.rule("many", *[orders.at("tcp", port) for port in range(2, 600, 2)], by=Is("unit", "x"))
    assert "these are 299: the last ones will not hold" in files(only(many))["x.service.d/50-hb-baseline.conf"]


def complaints(tmp_path, order):
    """What systemd-analyze verify says of drop-ins beside units that do nothing."""
    for name, text in systemd.write(order):
        unit = name.partition(".d/")[0]
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        section = "[Socket]\nListenStream=/run/x\n" if unit.endswith(".socket") else "[Service]\nExecStart=/bin/true\n"
        (tmp_path / unit).write_text("[Unit]\nDescription=x\n" + ("" if unit.endswith(".slice") else section))
    names = sorted({unit.name.replace("@.", "@x.") for unit in tmp_path.iterdir() if unit.is_file()})
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *[str(tmp_path / name) for name in names]],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.replace(str(tmp_path), "") for line in done.stderr.splitlines() if systemd.FILE in line]


needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed (package systemd)"
)


@needs_systemd
@pytest.mark.slow
@pytest.mark.parametrize("order", [orders.ORDER, orders.ODD], ids=["ordinary", "odd"])
def test_systemd_takes_it(tmp_path, order):
    assert complaints(tmp_path, order) == []


@needs_systemd
@pytest.mark.slow
def test_systemd_takes_what_strangers_wrote(tmp_path):
    hostile = [
        replace(orders.saying(text).rules[2], by=Is("unit", f"u{index}")) for index, text in enumerate(judged.AWKWARD)
    ]
    assert complaints(tmp_path, only(*hostile)) == []


@needs_systemd
@pytest.mark.slow
def test_systemd_does_complain(tmp_path, monkeypatch):
    monkeypatch.setattr(systemd, "_binds", lambda *_: ["tcp:99999"])
    assert (
        "Unable to parse SocketBindAllow= assignment, ignoring: tcp:99999"
        in complaints(tmp_path, only(orders.HTTPS))[0]
    )
