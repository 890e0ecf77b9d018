"""Names of cipher suites are those of the TLS library of this machine, and the offer holds no number twice."""

from __future__ import annotations

import ssl

import pytest

from hb_engine.wire.tls_ciphers import _names, name, offered


def test_names_are_those_of_this_machines_library():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    listed = {cipher["id"] & 0xFFFF: cipher["name"] for cipher in context.get_ciphers()}
    assert len(listed) > 20
    ours = _names()
    assert {number: ours[number] for number in listed if number in ours} == {
        number: named for number, named in listed.items() if number in ours
    }


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0x1301, "TLS_AES_128_GCM_SHA256"), (0x000A, "DES-CBC3-SHA"), (0xC02F, "ECDHE-RSA-AES128-GCM-SHA256"),
     (0xC0FF, "0xc0ff"), (0, "0x0000")],
)  # fmt: skip
def test_a_suite_has_a_name_or_its_number(number, shown):
    assert name(number) == shown


@pytest.mark.parametrize("tls13", [True, False])
def test_what_is_offered_is_named_and_offered_once(tls13):
    suites = offered(tls13=tls13)
    assert len(set(suites)) == len(suites)
    assert all(suite in _names() for suite in suites)
    assert {suite >> 8 == 0x13 for suite in suites} == {tls13}
