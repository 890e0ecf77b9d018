"""Declarations of servers: what is written there must be meant."""

from __future__ import annotations

import importlib

import pytest
from bench.testbed.kit import Listen, Server, load, load_all, names

ALL = load_all()
TRANSPORTS, REVEALS = ("tcp", "udp"), ("", "upstream", "minor", "major")


def test_there_are_as_many_servers_as_were_promised():
    assert len(ALL) >= 45
    assert list(ALL) == names()


def test_only_some_are_loaded_where_only_some_are_asked_for():
    assert list(load_all(("redis", "bind"))) == ["redis", "bind"]
    with pytest.raises(ModuleNotFoundError):
        load("no_such_server")


@pytest.mark.parametrize("name", ALL)
def test_a_declaration_is_whole(name):
    server = ALL[name]
    module = importlib.import_module(f"bench.testbed.servers.{name}")
    assert callable(module.start)
    assert module.__doc__
    assert server.packages
    assert server.listens
    assert server.versioned in (*server.packages, *server.unpacked)
    keys = [(listen.transport, listen.port) for listen in server.listens]
    assert len(keys) == len(set(keys)), "a port twice"
    for listen in server.listens:
        assert listen.transport in TRANSPORTS
        assert 0 < listen.port < 65536
        assert listen.reveals in REVEALS or "{}" in listen.reveals
        assert set(listen.behind) <= set(server.packages)
        assert listen.names or not (listen.product or listen.reveals or listen.strange), (
            "nothing provable, yet asked for"
        )
        assert not (listen.names and listen.tolerated), "tolerated is for ports of which nothing can be proved"


def test_most_services_also_stand_where_nobody_expects_them():
    strange = [name for name, server in ALL.items() if any(listen.strange for listen in server.listens)]
    assert len(strange) >= 45


def test_raw_ports_are_never_strange():
    """Nobody can know that there is a printer on port 40000, so nothing may be asked of it."""
    raw = [listen for server in ALL.values() for listen in server.listens if listen.untouched]
    assert len(raw) >= 3
    assert not [listen for listen in raw if listen.strange]


def test_a_listen_elsewhere_is_the_same_but_for_its_place():
    here = Listen(22, ("ssh",), product="OpenSSH", reveals="upstream")
    there = here.also(40022)
    assert (there.port, there.strange, there.names, there.product) == (40022, True, ("ssh",), "OpenSSH")
    assert here.over("udp").transport == "udp"
    assert not here.strange


def test_the_version_is_that_of_what_was_unpacked():
    assert Server(("libc6",), (), ("pure-ftpd", "pure-ftpd-common")).versioned == "pure-ftpd"
    assert Server(("redis-server", "stunnel4"), ()).versioned == "redis-server"
