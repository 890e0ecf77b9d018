"""NATS: INFO as servers greet, with logins and TLS wanted; and lines that only begin like it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Reply, StartTls
from hb_engine.identify.probes import nats

OPEN = captured("nats-open")[0]
AUTH = captured("nats-auth")[0]
TLS = captured("nats-tls")[0]


def test_the_version_of_who_greets():
    named = hears(nats, "tcp", OPEN)
    assert (named.name, named.product, named.version, named.info) == ("nats", "NATS server", "2.9.10", "go1.19.8")
    assert (named.guarded, named.starttls) == (False, "absent")
    assert named.cpe == ("cpe:/a:linuxfoundation:nats-server:2.9.10",)
    assert nats.hint(OPEN)


def test_a_login_is_wanted_and_not_given():
    named = hears(nats, "tcp", AUTH)
    assert named.guarded
    assert named.info == "go1.19.8, JetStream"


@pytest.mark.parametrize(("word", "starttls"), [(b"tls_required", "required"), (b"tls_available", "offered")])
def test_tls_begins_behind_the_greeting(word, starttls):
    talk: Any = nats.talk(peer())
    next(talk)
    assert talk.send(Reply.of(TLS.replace(b"tls_required", word))) == StartTls()
    assert hears(nats, "tcp", TLS.replace(b"tls_required", word)).starttls == starttls


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        OPEN.rstrip(b"\r\n"),
        changed(OPEN, 0),
        b"INFO {}\r\n",
        b'INFO {"version":"2"}\r\n',
        b'INFO {"server_id":"x"}\r\n',
        b'INFO {"server_id":"x","version":2}\r\n',
        b"INFO {" + b'"a":{' * 5000 + b"\r\n",
        b"INFO [1]\r\n",
        b"220 INFO {\r\n",
        b"+OK INFO\r\n",
    ],
)
def test_what_is_no_greeting_of_nats(heard):
    assert hears(nats, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert nats._whole(b"SSH-2.0")
    assert not nats._whole(b"INF")
    assert not nats._whole(OPEN[:40])
    assert nats._whole(OPEN)


@given(damaged(OPEN, TLS))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(nats, "tcp", *replies))
