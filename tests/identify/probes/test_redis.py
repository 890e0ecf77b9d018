"""Redis and its kin: refusals name it as surely as answers; Valkey and Sentinel are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import redis

PONG, INFO = captured("redis-open")
SENTINEL = captured("redis-sentinel")[1]
CLUSTER = captured("redis-cluster")[1]


def bulk(words):
    return b"$%d\r\n%s\r\n" % (len(words), words)


VALKEY = bulk(
    b"# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n"
    b"redis_mode:standalone\r\nos:Linux x86_64\r\n"
)
KEYDB = bulk(b"# Server\r\nredis_version:6.3.4\r\nredis_mode:standalone\r\nexecutable:/usr/bin/keydb-server\r\n")
DRAGONFLY = bulk(b"# Server\r\nredis_version:7.4.0\r\ndragonfly_version:df-v1.27.1\r\nredis_mode:standalone\r\n")


@pytest.mark.parametrize(
    ("info", "product", "version", "mode"),
    [
        (INFO, "Redis key-value store", "7.0.15", ""),
        (SENTINEL, "Redis key-value store", "7.0.15", "sentinel"),
        (CLUSTER, "Redis key-value store", "7.0.15", "cluster"),
        (VALKEY, "Valkey", "8.0.1", ""),
        (KEYDB, "KeyDB", "6.3.4", ""),
        (DRAGONFLY, "Dragonfly", "1.27.1", ""),
        (b"-NOPERM this user has no permissions to run the 'info' command\r\n", "Redis key-value store", "", ""),
        (b"", "Redis key-value store", "", ""),
    ],
)
def test_who_it_is(info, product, version, mode):
    named = hears(redis, "tcp", PONG, info)
    assert (named.name, named.product, named.version, named.info) == ("redis", product, version, mode)
    assert named.guarded == info.startswith(b"-NOPERM")


def test_a_name_is_proven_for_redis_only():
    assert hears(redis, "tcp", PONG, INFO).cpe == ("cpe:/a:redis:redis:7.0.15",)
    assert hears(redis, "tcp", PONG, VALKEY).cpe == ("cpe:/a:lfprojects:valkey:8.0.1",)
    assert hears(redis, "tcp", PONG, KEYDB).cpe == ()


@pytest.mark.parametrize(
    "refusal",
    [
        captured("redis-noauth")[0],
        b"-DENIED Redis is running in protected mode because protected mode is enabled\r\n",
        b"-NOPERM this user has no permissions to run the 'ping' command\r\n",
        b"-LOADING Redis is loading the dataset in memory\r\n",
        b"-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
    ],
)
def test_a_refusal_names_it(refusal):
    named = hears(redis, "tcp", refusal)
    assert (named.name, named.guarded) == ("redis", True)
    assert redis.hint(refusal)


@pytest.mark.parametrize(
    "pong", [b"", b"+PONG", b"+PONG\r\n+PONG\r\n", b"-ERR\r\n", b"PONG\r\n", changed(PONG, 0), b"+OK\r\n"]
)
def test_what_is_no_pong(pong):
    assert hears(redis, "tcp", pong, INFO) is None


def test_an_echo_is_no_redis():
    assert hears(redis, "tcp", sent(redis.talk(peer()))) is None


def test_what_an_http_request_gets():
    assert redis.hint(b"-ERR wrong number of arguments for 'get' command\r\n")
    assert redis.hint(b"-ERR unknown command `GET`, with args beginning with: `/`, `HTTP/1.1`, \r\n")
    assert not redis.hint(b"-ERR 'Unknown Protocol Operation'\r\n")  # NATS
    assert not redis.hint(b"-ERR unknown\r\n")


def test_an_answer_is_whole_when_all_of_it_is_there():
    assert not redis._whole(INFO[:-1])
    assert redis._whole(INFO)
    assert redis._whole(b"-NOAUTH Authentication required.\r\n")
    assert redis._whole(b"$9999999999999\r\n")  # a length that nobody waits for
    assert not redis._whole(b"$5")


@given(damaged(PONG, INFO, VALKEY))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(redis, "tcp", *replies))
