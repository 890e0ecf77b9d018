"""A file of no package is worth a look where others reach it, and where packages were asked at all."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, heard, opening, owner, package, severities, stray

from hb_engine.judge.rules import unpackaged_public as rule

PYTHON = "/usr/bin/python3.11"


@pytest.mark.parametrize(
    ("who", "scope", "severity"),
    [
        (stray(), "public", "medium"),
        (stray(), "private", "low"),
        (stray("/usr/local/bin/x"), "public", "low"),
        (stray("/opt/x/bin/x"), "public", "low"),
        (stray("/usr/sbin/x"), "public", "medium"),
        (stray("/srv/x", exe_state="deleted"), "public", "medium"),
        (owner(PYTHON, script="/srv/app/s.py"), "public", "low"),
        (owner(PYTHON, script="/srv/app/s.py"), "private", "info"),
    ],
)
def test_it_speaks(who, scope, severity):
    assert severities(rule, opening(8000, who, scope=scope)) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(),
        opening(8000, stray(), scope="loopback"),
        opening(8000, stray(), scope="link"),
        opening(8000, stray(container=BOX)),
        opening(8000, stray("/snap/lxd/1/bin/lxd")),
        opening(8000, stray("/nix/store/abc/bin/x")),
        opening(8000, stray(None, exe_state="unreadable")),
        opening(8000, stray("/memfd:x", exe_state="memfd")),
        opening(8000, owner(PYTHON, script="/usr/bin/fail2ban", script_package=package("fail2ban"))),
        opening(8000, owner(PYTHON, script="http.server")),
        opening(8000, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_a_client_of_udp_is_a_note():
    assert severities(rule, opening(40000, stray(), transport="udp", ephemeral=True)) == ["info"]
    assert severities(rule, opening(40000, stray(), ephemeral=True)) == ["medium"]


def test_where_packages_were_not_asked_nothing_is_said():
    assert heard(rule, opening(8000, stray()), packages_asked=False) == []


def test_an_unpackaged_interpreter_is_one_reason():
    assert heard(rule, opening(8000, stray("/srv/py/bin/python3", script="/srv/app/s.py"))) == [
        ("medium", "runs a program of no package, /srv/py/bin/python3")
    ]
