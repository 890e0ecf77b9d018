"""The name service is proved by a status response under our transaction id."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.probes import netbios_ns

[STATUS] = replies("netbios_ns-samba")


def test_samba_names_itself_and_its_workgroup():
    told = named("netbios_ns-samba")
    assert (told.hostname, told.product, told.proof) == ("FILES", "Samba nmbd", "nonce")
    assert told.facts == (("workgroup", "EXAMPLE"),)


def test_a_hardware_address_is_told():
    at = STATUS.index(b"\x84\x00", STATUS.index(b"\x1e")) + 2
    told = ask(netbios_ns, STATUS[:at] + b"\x02\0\0\0\0\1" + STATUS[at + 6 :], transport="udp")
    assert (told.product, ("mac", "02:00:00:00:00:01") in told.facts) == ("", True)


def test_the_request_asks_for_the_name_of_all_names():
    asked = first_words(netbios_ns, "udp")
    assert (asked[:2], len(asked), b"CKAAAA" in asked) == (b"01", 50, True)


@pytest.mark.parametrize(
    "reply",
    [
        b"10" + STATUS[2:],
        STATUS[:2] + b"\0\0" + STATUS[4:],
        STATUS[:6] + b"\0\0" + STATUS[8:],
        STATUS[:46] + b"\0\x20" + STATUS[48:],
        STATUS[:60],
        first_words(netbios_ns, "udp"),
    ],
)
def test_near_misses(reply):
    assert ask(netbios_ns, reply, transport="udp") is None
