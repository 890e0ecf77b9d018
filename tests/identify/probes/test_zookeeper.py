"""ZooKeeper: srvr as captured; the refusal built from the administrator's guide; ClickHouse Keeper."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import zookeeper

SERVER = captured("zookeeper-standalone")[0]
KEEPER = SERVER.replace(b"Zookeeper version: 3.8.0-", b"ClickHouse Keeper version: v23.8.1-")
REFUSAL = b"srvr is not executed because it is not in the whitelist.\n"


@pytest.mark.parametrize(
    ("reply", "product", "version"), [(SERVER, "Zookeeper", "3.8.0"), (KEEPER, "ClickHouse Keeper", "23.8.1")]
)
def test_who_answers(reply, product, version):
    named = hears(zookeeper, "tcp", reply)
    assert (named.name, named.product, named.version, named.info) == ("zookeeper", product, version, "standalone")


def test_four_letters_ask():
    assert sent(zookeeper.talk(peer())) == b"srvr"


def test_a_refusal_names_it():
    named = hears(zookeeper, "tcp", REFUSAL)
    assert (named.name, named.version, named.guarded, named.proof) == ("zookeeper", "", True, "banner")


@pytest.mark.parametrize(
    "reply", [b"", b"srvr", changed(SERVER, 0), SERVER.replace(b"Mode", b"mode"), changed(REFUSAL, 3), b"ERROR\r\n"]
)
def test_what_is_no_answer(reply):
    assert hears(zookeeper, "tcp", reply) is None


@given(damaged(SERVER, REFUSAL))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(zookeeper, "tcp", *replies))
