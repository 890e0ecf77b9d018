"""A telling name decides, a carrier leaves it to the port, and any other program makes the match uncertain."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, opening, owner

from hb_engine.judge.naming import Service, Table, names_of, owner_names, says_nothing

REDIS = Service("redis", "redis-server valkey-server", tcp=(6379,))
CACHE = Service("memcached", "memcached", tcp=(11211,), udp=(11211,))
TABLE = Table((REDIS, CACHE))


@pytest.mark.parametrize(
    ("of", "service", "certain"),
    [
        (opening(6379, owner("/usr/bin/redis-server")), REDIS, True),
        (opening(7000, owner("/usr/bin/redis-server")), REDIS, True),
        (opening(6379, owner("/usr/bin/docker-proxy")), REDIS, True),
        (opening(6379, owner("/usr/lib/jvm/java-17/bin/java")), REDIS, True),
        (opening(6379, owner("/usr/bin/python3.11")), REDIS, False),
        (opening(6379, owner("/usr/sbin/sshd")), REDIS, False),
        (opening(6379, owners=()), REDIS, True),
        (opening(7000, owner("/usr/bin/x", unit="redis-server@main.service")), REDIS, True),
        (opening(7000, owner("/usr/bin/x", unit="memcached.service")), CACHE, True),
        (opening(11211, owners=(), transport="udp"), CACHE, True),
        (opening(6379, owners=(), transport="udp"), None, False),
        (opening(None, owners=()), None, False),
    ],
)
def test_match(of, service, certain):
    match = TABLE.match(of)
    assert (match and match.service) == service
    assert match is None or match.certain is certain


@pytest.mark.parametrize(
    ("of", "by"),
    [
        (opening(1, owner("/usr/bin/redis-server")), "the program is redis-server"),
        (opening(6379, owners=()), "tcp 6379 is its usual port"),
    ],
)
def test_a_match_says_what_told(of, by):
    match = TABLE.match(of)
    assert match is not None
    assert match.by == by


@pytest.mark.parametrize(
    ("who", "names"),
    [
        (owner("/usr/bin/python3.11", script="/srv/app/Server.py"), ("python", "server")),
        (owner("/bin/busybox", cmdline=("/usr/sbin/telnetd", "-F")), ("telnetd", "busybox")),
        (owner("/bin/busybox", cmdline=()), ("busybox",)),
        (
            owner("/usr/bin/redis-check-rdb", cmdline=("/usr/bin/redis-server 0.0.0.0:6379", "")),
            ("redis-server", "redis-check-rdb"),
        ),
        (owner("/usr/bin/valkey-check-rdb", cmdline=("valkey-server *:6379",)), ("valkey-server", "valkey-check-rdb")),
        (owner("/usr/lib/jvm/java-17/bin/java"), ("java",)),
        (owner("/usr/bin/7"), ("7",)),
    ],
)
def test_owner_names(who, names):
    assert owner_names(who) == names


def test_names_of_come_from_program_unit_and_image_of_owner_and_socket():
    it = opening(1, owner("/usr/bin/x", unit="user@1000.service/app.slice/foo@2.service", container=BOX))
    assert names_of(it) == ("x", "foo", "redis")
    assert names_of(opening(1, owners=(), unit="redis.socket", container=BOX)) == ("redis",)
    assert names_of(opening(1, owners=(), unit="session-3.scope")) == ()


@pytest.mark.parametrize(
    ("names", "silent"), [((), True), (("sshd",), False), (("x", "docker-proxy"), True), (("qemu-system-x86_",), True)]
)
def test_says_nothing(names, silent):
    assert says_nothing(names) is silent
