"""Of all answers that are kept of servers, those that want no password are said, and no other."""

from __future__ import annotations

from tests.judge.captures import NAMES, spoken_of

from hb_engine.judge.rules.spoken import open_without_password as rule

OPEN = {
    "asf_rmcp-ipmisim": "high",
    "beanstalkd-open": "medium",
    "gearman-open": "medium",
    "http-podman": "critical",
    "iscsi-tgt": "high",
    "jdwp-openjdk": "critical",
    "memcached-text": "high",
    "memcached-udp": "high",
    "mqtt-aedes": "medium",
    "mqtt-amqtt": "medium",
    "mqtt-open": "medium",
    "mqtt-rabbitmq": "medium",
    "nats-open": "medium",
    "nbd-server": "high",
    "nsq-open": "medium",
    "redis-cluster": "high",
    "redis-open": "high",
    "redis-sentinel": "high",
    "redis-valkey": "high",
    "socks5-dante": "high",
    "socks5-microsocks": "high",
    "socks5-tor": "high",
    "stomp-activemq": "medium",
    "stomp-rabbitmq": "medium",
    "varnish_cli-open": "high",
    "vnc-qemu": "high",
    "vnc-tigervnc-open": "high",
    "vnc-x11vnc": "high",
    "x11-xvfb": "high",
}


def test_it_speaks_of_these_and_is_silent_of_all_others():
    assert spoken_of(rule) == OPEN


def test_their_guarded_twins_are_among_the_others():
    guarded = (
        "redis-noauth redis-protected mqtt-auth nats-auth nats-tls stomp-refused nbd-server-tls varnish_cli-secret"
        " socks5-microsocks-password vnc-tigervnc x11-xvfb-guarded mongodb-seven http-etcd zookeeper-standalone"
        " cassandra-apache kafka-three"
    )
    assert set(guarded.split()) <= set(NAMES) - set(OPEN)
