"""Addresses, and namespaces that are gone afterwards."""

from __future__ import annotations

import os
import subprocess

import pytest
from bench.testbed.network import NAMESPACES, SCANNER, Network, address_of
from tests.kit.sockets import needs_root


def test_every_server_has_an_address_of_its_own():
    addresses = {address_of(number) for number in range(1, 251)}
    assert len(addresses) == 250
    assert SCANNER not in addresses
    for number in (0, 251):
        with pytest.raises(ValueError, match=str(number)):
            address_of(number)


@pytest.mark.slow
@pytest.mark.root
def test_the_scanner_reaches_the_servers_and_nothing_else():
    needs_root()
    with Network(["one", "two"]) as network:
        made = {network.name(name) for name in ("hub", "scan", "one", "two")}
        assert made <= set(os.listdir(NAMESPACES))
        routes = subprocess.run([*network.inside("scan"), "ip", "route"], capture_output=True, text=True, check=True)
        assert routes.stdout.split()[:3] == ["10.77.0.0/16", "dev", "eth0"]
        assert len(routes.stdout.splitlines()) == 1
        with Network(["one"]) as second:  # two at a time do not meet
            assert second.prefix != network.prefix
        assert made <= set(os.listdir(NAMESPACES))
    assert not made & set(os.listdir(NAMESPACES))


@pytest.mark.slow
@pytest.mark.root
def test_nothing_remains_when_the_block_fails():
    needs_root()
    with pytest.raises(ZeroDivisionError), Network(["one"]) as network:
        raise ZeroDivisionError
    assert not os.path.exists(f"{NAMESPACES}/{network.name('one')}")
