"""Only answers that prove it count: what is told before any login, by anybody, proves nothing."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, severities

from hb_engine.judge.rules.spoken import open_without_password as rule
from hb_engine.model.opening import Netns

HERE = opening(1703, addresses=("203.0.113.7",))
ANY = opening(1703)
DOCKER = answer("docker", product="Docker", version="24.0.5", evidence="ApiVersion 1.43")
REDIS = answer("redis", product="Redis key-value store", evidence="+PONG")


@pytest.mark.parametrize(
    ("it", "said", "severity"),
    [
        (ANY, DOCKER, "critical"),
        (opening(2375, scope="private"), DOCKER, "high"),
        (opening(2375, scope="loopback"), DOCKER, "low"),
        (HERE, REDIS, "high"),
        (ANY, REDIS, "medium"),
        (ANY, answer("memcached", evidence="VERSION 1.6.18"), "high"),
        (ANY, answer("http", product="Elasticsearch REST API", evidence="You Know, for Search"), "high"),
        (ANY, answer("http", product="OpenSearch REST API", evidence="The OpenSearch Project"), "high"),
        (ANY, answer("http", product="Consul", evidence="Config.Version"), "high"),
        (ANY, answer("http", product="Docker Registry", evidence="HTTP/1.1 200 OK, docker-distribution"), "low"),
        (HERE, answer("X11", info="open to everybody"), "high"),
        (ANY, answer("X11", info="open to everybody"), "medium"),
        (ANY, answer("vnc", facts=(("security", "none, VNC password"),)), "high"),
        (ANY, answer("varnish-cli", info="open"), "high"),
        (ANY, answer("tor-control", info="authentication: NULL"), "high"),
        (ANY, answer("socks5", info="no authentication"), "high"),
        (ANY, answer("asf-rmcp", facts=(("anonymous login", "enabled"),), proof="nonce"), "high"),
        (ANY, answer("iscsi", evidence="login response, status 0000", proof="nonce"), "high"),
        (ANY, answer("nbd", facts=(("exports", "disk"),)), "high"),
        (ANY, answer("mqtt", evidence="CONNACK 0, mosquitto 2.0.11"), "medium"),
        (ANY, answer("nats"), "medium"),
        (ANY, answer("stomp", evidence="CONNECTED version:1.2"), "medium"),
        (ANY, answer("jdwp", proof="nonce"), "critical"),
    ],
)
def test_it_speaks(it, said, severity):
    assert severities(rule, it, answer=said) == [severity]


@pytest.mark.parametrize(
    "said",
    [
        None,
        answer("redis", evidence="-NOAUTH Authentication required.", guarded=True),
        answer("redis", evidence="+PONG", guarded=True),
        answer("memcached", info="binary protocol", evidence="1.6.18"),
        answer("mongodb", version="7.0.5", evidence="reply to our request, maxWireVersion 21"),
        answer("cassandra-native", evidence="CQL_VERSION 3.4.5"),
        answer("kafka", evidence="ApiVersions: 60 requests"),
        answer("zookeeper", evidence="Zookeeper version: 3.8.0"),
        answer("ldap", evidence="root entry with namingcontexts"),
        answer("http", product="etcd", evidence="etcdserver 3.5.4"),
        answer("http", product="Jupyter", evidence="/api version"),
        answer("http", product="nginx"),
        answer("http", product="Elasticsearch REST API", evidence="security_exception", guarded=True),
        answer("docker", product="Docker", evidence="HTTP/1.1 403 Forbidden, server: Docker/24.0.5"),
        answer("vnc", facts=(("security", "VNC password"),)),
        answer("vnc"),
        answer("mqtt", evidence="CONNACK 1"),
        answer("mqtt", evidence="CONNACK 0", proof="pattern"),
        answer("socks5", info="wants authentication", guarded=True),
        answer("nbd"),
        answer("nats", starttls="required"),
        answer("asf-rmcp", facts=(("key KG", "not set"),)),
        answer("ssh"),
    ],
)
def test_it_is_silent(said):
    assert heard(rule, HERE, answer=said) == []


@pytest.mark.parametrize(
    "it",
    [opening(6379, scope="loopback"), opening(6379, netns=Netns(7, kind="container")), opening(6379, scope="link")],
)
def test_where_strangers_do_not_come_it_is_silent(it):
    assert heard(rule, it, answer=REDIS) == []


def test_who_trusts_its_own_machine_is_told_of():
    (reason,) = rule.judge(facts(ANY, answer=REDIS))
    assert reason.text == "redis wants no password: gives its data, and can be told to write files"
    assert reason.evidence[1] == "it was asked from this machine itself, which it may trust more than others"
    (sure,) = rule.judge(facts(HERE, answer=REDIS))
    assert "it was asked" not in " ".join(sure.evidence)


def test_a_product_behind_http_is_named_by_its_own_name():
    said = answer("http", product="Elasticsearch REST API", evidence="You Know, for Search")
    (reason,) = rule.judge(facts(ANY, answer=said))
    assert reason.text.startswith("Elasticsearch REST API wants no password")
