"""How far an address reaches, checked against the library's own idea of addresses."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.endpoint import SCOPES, Endpoint, narrower, scope_of, widest

CASES = {
    "0.0.0.0": "public", "::": "public", "127.0.0.1": "loopback", "127.255.255.254": "loopback", "::1": "loopback",
    "169.254.1.1": "link", "fe80::1": "link", "febf::1": "link", "224.0.0.251": "link", "ff02::fb": "link",
    "10.0.0.1": "private", "172.16.0.1": "private", "172.31.255.255": "private", "172.32.0.1": "public",
    "192.168.1.1": "private", "192.169.1.1": "public", "100.64.0.1": "private", "100.128.0.1": "public",
    "fd00::1": "private", "fc00::1": "private", "fec0::1": "private", "2001:db8::1": "public", "239.1.1.1": "private",
    "::ffff:127.0.0.1": "loopback", "::ffff:10.0.0.1": "private", "::ffff:0.0.0.0": "public", "ff01::1": "loopback",
    "ff05::2": "private", "ff0e::1": "public", "8.8.8.8": "public",
}  # fmt: skip


@pytest.mark.parametrize(("address", "scope"), CASES.items())
def test_scope_of_an_address(address, scope):
    assert scope_of(ipaddress.ip_address(address).packed) == scope


@given(st.ip_addresses())
def test_every_address_has_a_scope_and_loopback_is_the_librarys(address):
    scope = scope_of(address.packed)
    assert scope in SCOPES
    inner = getattr(address, "ipv4_mapped", None) or address
    if not inner.is_multicast:
        assert (scope == "loopback") == inner.is_loopback


def test_the_lattice_is_ordered():
    assert widest(["loopback", "private", "link"]) == "private"
    assert widest([]) == "loopback"
    assert narrower("public", "link") == "link"


def test_an_endpoint_is_a_value():
    assert Endpoint("tcp", "::1", 22) == Endpoint("tcp", "::1", 22)
