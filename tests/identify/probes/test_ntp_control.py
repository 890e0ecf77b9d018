"""NTP control messages: read once, and only where asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ntp_control

NTPSEC = captured("ntp_control-ntpsec")[0]


def response(told, head=b"\x16\x82"):
    return head + NONCE[:2] + bytes(6) + len(told).to_bytes(2, "big") + told


def test_it_reads_and_never_writes():
    query = sent(ntp_control.talk(peer("udp")))
    assert query == b"\x16\2" + NONCE[:2] + bytes(8)
    assert ntp_control.PROBE.care == "asked"
    assert not ntp_control.PROBE.anywhere


@pytest.mark.parametrize(
    ("told", "product", "version", "cpe"),
    [
        (
            b'version="ntpd 4.2.8p15@1.3728-o Wed Sep 23 11:46:38 UTC 2020 (1)", processor="x86_64"',
            "ntpd",
            "4.2.8p15",
            "cpe:/a:ntp:ntp:4.2.8:p15",
        ),
        (b'stratum=2, version="ntpd ntpsec-1.2.2"', "NTPsec", "1.2.2", "cpe:/a:ntpsec:ntpsec:1.2.2"),
    ],
)
def test_programs(told, product, version, cpe):
    named = hears(ntp_control, "udp", response(told))
    assert (named.product, named.version, named.cpe) == (product, version, (cpe,))


@pytest.mark.parametrize("told", [b"", b"stratum=3", b'version="4"', b'version="ntpd "', b"version", b'"""', b",=,=,"])
def test_without_a_known_version_it_is_ntp_all_the_same(told):
    named = hears(ntp_control, "udp", response(told))
    assert (named.name, named.product, named.version) == ("ntp", "", "")


def test_commas_inside_quotation_marks_do_not_part():
    named = hears(ntp_control, "udp", response(b'system="Linux, of a kind", version="ntpd ntpsec-1.2.2"'))
    assert named.system == "Linux, of a kind"


def test_a_refusal_is_told():
    assert hears(ntp_control, "udp", response(b"", b"\x16\xc2")).guarded


@pytest.mark.parametrize(
    "reply",
    [
        changed(NTPSEC, 2),
        changed(NTPSEC, 3),
        response(b"", b"\x16\x02"),  # a request: an echo
        response(b"", b"\x16\x83"),  # the answer to a write
        response(b"", b"\x17\x82"),
        captured("ntp-chrony")[0],
        NTPSEC[:11],
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(ntp_control, "udp", reply) is None


@given(damaged(NTPSEC))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ntp_control, "udp", *replies))
