"""Servers that bring a user and run as root are said; what needs root, or has left it behind, is not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import root_unneeded as rule
from hb_engine.model.record import replace

REDIS = owner("/usr/bin/redis-server")
NODE = owner("/usr/bin/node", cmdline=("node", "/srv/app/index.js"), script="/srv/app/index.js")


def as_user(of: Any, uid: int | None = 999, user: str = "redis") -> Any:
    return replace(of, uid=uid, user=user)


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (opening(6379, REDIS), "medium"),
        (opening(6379, REDIS, scope="private"), "low"),
        (opening(6379, owner("/usr/bin/redis-check-rdb", cmdline=("redis-server *:6379",))), "medium"),
        (opening(3306, owner("/usr/sbin/mysqld")), "medium"),
        (opening(3000, NODE), "low"),
        (opening(80, NODE), "info"),
        (opening(8080, owner("/usr/lib/jvm/java-17/bin/java")), "low"),
        (opening(8000, owner("/usr/bin/python3.11", script="/usr/bin/gunicorn")), "low"),
        (opening(53, owner("/usr/sbin/named")), "medium"),
        (opening(6379, stray("/opt/redis/redis-server"), REDIS), "medium"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(6379, as_user(REDIS)),
        opening(6379, as_user(REDIS, None, "")),
        opening(6379, REDIS, as_user(REDIS)),
        opening(53, as_user(owner("/usr/sbin/named"), 107, "bind")),
        opening(6379, REDIS, scope="loopback"),
        opening(6379, replace(REDIS, container=BOX)),
        opening(6379, REDIS, kind="activation"),
        opening(51234, NODE, transport="udp", kind="bound", ephemeral=True),
        opening(80, owner()),
        opening(22, owner("/usr/sbin/sshd")),
        opening(9090, owner("/usr/lib/systemd/systemd")),
        opening(80, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_a_low_port_is_no_excuse_and_its_way_out_is_told():
    (reason,) = rule.judge(facts(opening(80, NODE)))
    assert "CAP_NET_BIND_SERVICE is enough" in reason.evidence[1]
    assert "AmbientCapabilities" in reason.remedy
    (high,) = rule.judge(facts(opening(3000, NODE)))
    assert "AmbientCapabilities" not in high.remedy
    assert high.text == "node runs as root, which it does not need"
