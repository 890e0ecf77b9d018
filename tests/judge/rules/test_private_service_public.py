"""Databases, control sockets and screens are named by program or port, by reach, and by how sure that is."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities

from hb_engine.judge.rules import private_service_public as rule
from hb_engine.model.opening import Netns, Unowned

REDIS = owner("/usr/bin/redis-server")
PROXY = owner("/usr/bin/docker-proxy")
JAVA = owner("/usr/lib/jvm/java-17/bin/java")


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (opening(6379, REDIS), "high"),
        (opening(6380, REDIS), "high"),
        (opening(6379, REDIS, scope="private"), "medium"),
        (opening(6379, PROXY), "high"),
        (opening(2375, owner("/usr/bin/dockerd")), "high"),
        (opening(2375, owner("/usr/bin/strange")), "medium"),
        (opening(9200, JAVA), "high"),
        (opening(9300, JAVA, scope="private"), "medium"),
        (opening(11211, owner("/usr/bin/memcached"), transport="udp"), "high"),
        (opening(27017, owner("/usr/bin/mongod")), "high"),
        (opening(2379, owner("/usr/bin/etcd")), "high"),
        (opening(10255, owner("/usr/bin/kubelet")), "high"),
        (opening(10250, owner("/usr/bin/kubelet")), "medium"),
        (opening(5432, owner("/usr/lib/postgresql/15/bin/postgres")), "medium"),
        (opening(3306, owner("/usr/sbin/mariadbd"), scope="private"), "low"),
        (opening(111, owner("/usr/sbin/rpcbind")), "medium"),
        (opening(6000, owner("/usr/lib/xorg/Xorg")), "high"),
        (opening(5555, owner("/usr/bin/adb")), "high"),
        (opening(8501, owner("/usr/bin/consul")), "high"),
        (opening(445, owners=(), unowned=Unowned("kernel", "SMB")), "medium"),
        (opening(2049, owners=(), unowned=Unowned("kernel", "nfsd")), "medium"),
        (opening(5901, owner("/usr/bin/qemu-system-x86_64")), "medium"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(),
        opening(6379, REDIS, scope="loopback"),
        opening(6379, REDIS, scope="link"),
        opening(6379, REDIS, netns=Netns(7, kind="container")),
        opening(2376, owner("/usr/bin/dockerd")),
        opening(8443, JAVA),
        opening(8123, owner("/usr/bin/python3.11")),  # Home Assistant
        opening(7000, owner("/System/Library/CoreServices/ControlCenter")),  # AirPlay
        opening(8888, owner("/usr/bin/python3.11")),
        opening(2375, owners=(), transport="udp"),
        opening(None, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_by_port_alone_it_says_perhaps():
    assert heard(rule, opening(6379, owner("/usr/bin/strange"))) == [
        ("medium", "perhaps redis, a private service, open to everyone")
    ]


def test_the_image_and_the_unit_are_names_too():
    assert severities(rule, opening(7777, owner("/app/x", container=BOX))) == ["high"]
    assert severities(rule, opening(7777, owner("/opt/x", unit="elasticsearch.service"))) == ["high"]


def test_it_says_why_and_what_told():
    (reason,) = rule.judge(facts(opening(6379, REDIS, scope="private")))
    assert reason.text == "redis, a private service, open to private networks"
    assert reason.evidence[:2] == ("redis asks for no password unless told to", "the program is redis-server")
    assert "bind it to loopback" in reason.remedy


def test_every_row_of_the_table_can_be_met():
    for (transport, port), service in rule.SERVICES._ports.items():
        assert service.severity in ("high", "medium")
        assert service.why
        assert severities(rule, opening(port, owners=(), transport=transport)) == [service.severity]
