"""netcat and socat are named where others reach them, and more loudly with a program behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hb_engine.model.owner import Owner

import pytest
from tests.judge.builders import heard, opening, owner, severities

from hb_engine.judge.rules import relay_tool as rule


def run(exe: str, *words: str) -> Owner:
    return owner(exe, cmdline=words)


@pytest.mark.parametrize(
    ("who", "severity"),
    [
        (run("/usr/bin/nc.openbsd", "nc", "-l", "4444"), "medium"),
        (run("/usr/bin/ncat", "ncat", "-lk", "4444"), "medium"),
        (run("/bin/busybox", "nc", "-l", "-p", "4444"), "medium"),
        (run("/usr/bin/nc.traditional", "nc", "-lvp", "4444", "-e", "/bin/sh"), "high"),
        (run("/usr/bin/ncat", "ncat", "-l", "--sh-exec", "id"), "high"),
        (run("/usr/bin/socat", "socat", "TCP-LISTEN:4444,fork", "EXEC:/bin/sh"), "high"),
        (run("/usr/bin/socat1", "socat", "tcp-listen:1", "exec:/bin/sh"), "high"),
        (run("/usr/bin/socat", "socat", "TCP-LISTEN:80", "TCP:10.0.0.2:80"), "medium"),
        (run("/usr/bin/nc"), "medium"),
    ],
)
def test_it_speaks(who, severity):
    assert severities(rule, opening(4444, who)) == [severity]


def test_private_networks_make_it_milder():
    assert severities(rule, opening(4444, run("/usr/bin/nc", "nc", "-l"), scope="private")) == ["low"]


@pytest.mark.parametrize(
    "it",
    [
        opening(),
        opening(4444, run("/usr/bin/nc", "nc", "-l", "-e", "x"), scope="loopback"),
        opening(4444, run("/usr/bin/ncdu", "ncdu")),
        opening(4444, run("/usr/sbin/nginx", "nginx", "-c", "/etc/nginx.conf")),
        opening(4444, run("/usr/bin/python3", "python3", "nc")),
        opening(4444, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []
