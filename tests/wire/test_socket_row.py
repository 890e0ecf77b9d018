"""The Socket record: cheap, frozen, and with words that the rest of the project knows."""

from __future__ import annotations

import pytest

from hb_engine.model.endpoint import TRANSPORTS
from hb_engine.model.record import fields_of, replace
from hb_engine.wire import proc_net
from hb_engine.wire.socket_row import STATES, Socket

ONE = Socket("tcp", "ipv4", b"\x7f\0\0\1", 80, "listen", 4711, 9)


def test_what_is_not_known_is_none_or_empty():
    assert (ONE.uid, ONE.v6only, ONE.cgroup, ONE.cookie, ONE.flags, ONE.source) == (None, None, 0, 0, (), "")


def test_it_is_a_value():
    assert replace(ONE) == ONE
    assert hash(ONE) == hash(replace(ONE))
    with pytest.raises(AttributeError):
        ONE.port = 81  # type: ignore[misc]


def test_the_order_of_fields_is_what_the_hot_loop_relies_on():
    assert fields_of(ONE) == (
        "transport", "family", "address", "port", "state", "inode", "netns", "cookie", "uid", "cgroup", "ifindex",
        "v6only", "autobound", "protocol", "flags", "source",
    )  # fmt: skip


def test_tables_use_its_words():
    for transport, family, _, states in proc_net.INET_TABLES.values():
        assert transport in TRANSPORTS
        assert family in ("ipv4", "ipv6")
        assert set(states.values()) <= set(STATES)
