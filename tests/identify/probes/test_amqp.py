"""AMQP: what Connection.Start tells, and 1.0 by its headers and mechanisms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reconnect, Reply
from hb_engine.identify.probes import amqp

RABBIT = captured("amqp-rabbitmq")[0]
HEADER, _, PROTON = captured("amqp-proton")


def start(table=b"", end=b"\xce"):
    """Connection.Start of 0-9 with a table, built from AMQP 0-9-1."""
    body = b"\0\x0a\0\x0a\0\x09" + len(table).to_bytes(4, "big") + table + b"\0\0\0\5PLAIN\0\0\0\5en_US"
    return b"\1\0\0" + len(body).to_bytes(4, "big") + body + end


def told(**names):
    texts = [(name.encode(), value.encode()) for name, value in names.items()]
    return b"".join(bytes([len(n)]) + n + b"S" + len(v).to_bytes(4, "big") + v for n, v in texts)


def test_rabbitmq_before_any_login():
    assert sent(amqp.talk(peer())) == b"AMQP\0\0\x09\x01"
    named = hears(amqp, "tcp", RABBIT)
    assert (named.product, named.version, named.info) == ("RabbitMQ", "3.10.8", "AMQP 0-9, Erlang/OTP 25.2.3")
    assert named.cpe == ("cpe:/a:vmware:rabbitmq:3.10.8",)
    assert named.hostname == "localhost"
    assert dict(named.facts)["mechanisms"] in ("PLAIN AMQPLAIN", "AMQPLAIN PLAIN")


def test_others_by_what_they_call_themselves():
    named = hears(amqp, "tcp", start(told(product="LavinMQ", version="1.2.9")))
    assert (named.product, named.version, named.cpe) == ("LavinMQ", "1.2.9", ())
    assert hears(amqp, "tcp", start()).product == ""


def test_a_kind_of_value_that_is_not_read_ends_the_table():
    table = told(product="X") + b"\1a" + b"t\1" + b"\1b" + b"?" + told(version="1")
    assert hears(amqp, "tcp", start(table)).product == "X"
    assert hears(amqp, "tcp", start(table)).version == ""


def test_1_0_by_its_header_then_by_its_mechanisms():
    talk: Any = amqp.talk(peer())
    next(talk)
    assert talk.send(Reply.of(HEADER)) == Reconnect()
    assert talk.send(True).send == b"AMQP\3\1\0\0"
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(PROTON))
    assert end.value.value.info == "AMQP 1.0"
    assert "ANONYMOUS" in dict(end.value.value.facts)["mechanisms"]


@pytest.mark.parametrize("header", [amqp.PLAIN, amqp.SASL, b"AMQP\2\1\0\0", b"AMQP\1\1\0\x09"])
def test_a_header_alone_is_enough(header):
    assert hears(amqp, "tcp", header, False).name == "amqp"
    assert amqp.hint(header)


def test_our_own_header_come_back_is_an_echo_but_a_hint_where_we_said_something_else():
    assert hears(amqp, "tcp", amqp.OLD) is None
    assert amqp.hint(amqp.OLD)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"AMQP",
        b"AMQP\0\2\0\0",
        b"AMQP\5\1\0\0",
        RABBIT[:-1],
        RABBIT + b"\0",
        start(end=b"\xcd"),
        changed(RABBIT, 0),
        changed(RABBIT, 8),
        changed(RABBIT, 10),
        changed(RABBIT, 13, 200),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_what_is_no_amqp(reply):
    assert hears(amqp, "tcp", reply) is None
    assert not amqp.hint(reply)


@pytest.mark.parametrize("reply", [b"", PROTON[:12], changed(PROTON, 5), changed(PROTON, 13)])
def test_silence_and_then_no_sasl_either(reply):
    assert hears(amqp, "tcp", Reply.of(b"", "closed"), True, reply) is None


@given(damaged(RABBIT, HEADER, PROTON))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(amqp, "tcp", *replies))
    assert is_bounded(hears(amqp, "tcp", HEADER, True, *replies))
