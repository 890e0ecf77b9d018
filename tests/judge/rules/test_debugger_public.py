"""A debugger is known by its command line and its port, and only where others reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hb_engine.model.owner import Owner

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities

from hb_engine.judge.rules import debugger_public as rule

JDWP = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address="


def java(address: str) -> Owner:
    return owner("/usr/bin/java", cmdline=("java", f"{JDWP}{address}", "-jar", "x.jar"))


def node(*words: str) -> Owner:
    return owner("/usr/bin/node", cmdline=("node", *words))


@pytest.mark.parametrize(
    ("port", "who"),
    [
        (5005, java("*:5005")),
        (5005, java("5005")),
        (5005, java("0.0.0.0:5005,timeout=1")),
        (8000, owner("/usr/bin/java", cmdline=("java", "-Xrunjdwp:server=y,address=8000"))),
        (9229, node("--inspect", "x.js")),
        (9229, node("--inspect=0.0.0.0", "--inspect=0.0.0.0:9229")),
        (9230, node("--inspect-brk=0.0.0.0:9230", "x.js")),
        (5678, owner("/usr/bin/python3.11", cmdline=("python3", "-m", "debugpy", "--listen", "0.0.0.0:5678"))),
        (2345, owner("/usr/bin/gdbserver")),
        (2345, owner("/root/go/bin/dlv")),
        (27042, owner("/tmp/frida-server")),
    ],
)
def test_it_speaks(port, who):
    assert severities(rule, opening(port, who)) == ["high"]


@pytest.mark.parametrize(
    "it",
    [
        opening(),
        opening(8080, java("*:5005")),
        opening(5005, java("*:5005"), scope="loopback"),
        opening(5005, java("*:5005"), transport="udp"),
        opening(3000, node("--inspect", "x.js")),
        opening(9229, node("--inspect-port=9229")),
        opening(3000, node("server.js", "3000")),
        opening(5678, owner("/usr/bin/python3", cmdline=("python3", "x.py", "--listen", "0.0.0.0:5678"))),
        opening(None, java("5005")),
        opening(5005, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_it_quotes_the_option():
    (reason,) = rule.judge(facts(opening(9229, node("--inspect"), scope="private")))
    assert (reason.severity, reason.text) == ("medium", "a debugger (--inspect) runs code for whoever connects")
