"""Pages get answers of bounded size out of histories of any size, and are told what was left out."""

from __future__ import annotations

import pytest
from tests.store.kit import NOBODY, ROOT, SSH, START, WEB, blind, daemon, look, on
from tests.store.sqlite.kit import opened

from hb_engine.model.errors import DataError
from hb_engine.model.history import Stay

HOST = "web-17"


@pytest.fixture
def store(tmp_path):
    made = opened(tmp_path)
    yield made
    made.close()


def turns(store, count):
    """So many looks, five minutes apart; in each a port opens and the one before closes."""
    for turn in range(count):
        store.record(look(turn * 300, SSH, daemon(10_000 + turn, pid=turn + 1)))


# -- keys


def test_keys_with_their_spans_those_that_are_open_first(store):
    store.record(look(0, SSH))
    store.record(look(300, SSH, WEB))
    store.record(look(600, SSH))
    store.record(look(900, SSH, daemon(9000)))
    store.record(look(1200, SSH))
    store.record(look(1500, SSH, WEB))
    told = store.strip(HOST, START, 10)
    assert [one.key for one in told.keys] == [SSH.key, WEB.key, daemon(9000).key]
    assert told.keys[1].spans == (
        Stay(START + 300, START + 300, START, START + 600),
        Stay(START + 1500, START + 1500, START + 1200, None),
    )
    assert told.keys[1].opening.port == 443
    assert (told.first, told.left_out) == (START, 0)


def test_looks_come_with_their_coverage(store):
    store.record(look(0, SSH))
    store.record(look(300, blind(SSH), coverage=NOBODY))
    store.record(look(600, SSH))
    told = store.strip(HOST, START + 1, 10)
    kinds = dict(told.kinds)
    assert [(at - START, kinds[kind].privileged) for at, kind in told.looks] == [(300, False), (600, True)]
    assert told.first == START


def test_what_had_gone_before_is_left_out_but_its_older_spans_are_told(store):
    store.record(look(0, SSH, WEB, daemon(9000)))
    store.record(look(300, SSH))
    store.record(look(600, SSH, WEB))
    told = store.strip(HOST, START + 400, 10)
    assert [one.key for one in told.keys] == [SSH.key, WEB.key]
    assert len(told.keys[1].spans) == 2


def test_only_so_many_keys_are_told_and_the_rest_is_counted(store):
    turns(store, 30)
    told = store.strip(HOST, START, 5)
    assert [one.opening.port for one in told.keys] == [10_029, 22, 10_028, 10_027, 10_026]
    assert told.left_out == 26


def test_only_what_is_told_is_unpacked(store, monkeypatch):
    turns(store, 30)
    unpacked = []
    openings = store._openings

    def counted(number):
        unpacked.append(number)
        return openings(number)

    monkeypatch.setattr(store, "_openings", counted)
    store.strip(HOST, START, 5)
    assert len(unpacked) == 5
    store.port(HOST, "", 10_003, 5)
    assert len(unpacked) == 6
    store.latest(HOST, START, 3)
    assert len(unpacked) == 9


def test_a_key_is_known_under_its_other_names(store):
    store.record(look(0, SSH))
    store.record(look(300, blind(SSH, unit=False), coverage=NOBODY))
    told = store.strip(HOST, START, 10)
    assert [(one.key, one.aliases) for one in told.keys] == [(SSH.key, (blind(SSH).key,))]


def test_of_a_machine_that_nobody_looked_at_nothing_is_told(store):
    turns(store, 3)
    told = store.strip("nobody", START, 10)
    assert (told.looks, told.kinds, told.keys, told.first, told.left_out) == ((), (), (), None, 0)
    assert store.port("nobody", "", 22, 10) == ((), 0)
    assert store.latest("nobody", START, 10) == ((), 0)
    assert store.bounds("nobody") == (None, None)


# -- ports


def test_a_ports_spans_those_that_are_open_first(store):
    store.record(look(0, SSH, on(WEB, "loopback")))
    store.record(look(300, SSH, WEB))
    store.record(look(600, SSH))
    store.record(look(900, SSH, daemon(443)))
    told, count = store.port(HOST, "tcp", 443, 10)
    assert count == len(told)
    assert told[0].opening.key == daemon(443).key
    assert told[0].gone_at is None
    assert all(one.gone_at is not None for one in told[1:])
    assert told[0].host == HOST
    assert store.port(HOST, "udp", 443, 10) == ((), 0)
    assert store.port(HOST, "", 443, 1) == (told[:1], count)
    assert {one.opening.key for one in told} == {one.opening.key for one in store.history("tcp", 443, HOST)}


# -- changes


def test_which_ports_machines_ever_had(store):
    store.record(look(0, SSH, WEB, daemon(53, transport="udp")))
    store.record(look(300, SSH))
    store.record(look(0, daemon(8080), host="db-3"))
    assert store.ports(("web-17",)) == (22, 53, 443)
    assert store.ports(("web-17", "db-3", "nobody")) == (22, 53, 443, 8080)
    assert store.ports(()) == ()


def test_the_latest_changes_and_how_many_there_are(store):
    turns(store, 10)
    told, count = store.latest(HOST, START, 3)
    every = store.changes(START, HOST)
    assert (told, count) == (every[:3], len(every))
    assert store.latest(HOST, START + 10_000, 3) == ((), 0)


def test_bounds_are_the_first_and_the_last_look(store):
    turns(store, 4)
    assert store.bounds(HOST) == (START, START + 900)


def test_a_damaged_row_is_told_as_damage(store):
    store.record(look(0, SSH, coverage=ROOT))
    store._connection.execute("UPDATE span SET first_seen = 'then'")
    with pytest.raises(DataError, match="damaged"):
        store.strip(HOST, 0.0, 10)
