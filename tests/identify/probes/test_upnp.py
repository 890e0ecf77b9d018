"""SSDP: one answer for the root device."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import upnp

MINIUPNPD, MINIDLNA = captured("upnp-miniupnpd")[0], captured("upnp-minidlna")[0]


def answer(server=b"Linux/5.10 UPnP/1.0 Thing/2.1", target=b"upnp:rootdevice", status=b"HTTP/1.1 200 OK"):
    return status + b"\r\nST: " + target + b"\r\nUSN: uuid:1::upnp:rootdevice\r\nSERVER: " + server + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("host", "field"), [("192.0.2.1", b"HOST: 192.0.2.1:1900"), ("2001:db8::1", b"HOST: [2001:db8::1]:1900")]
)
def test_one_search_for_the_root_device(host, field):
    query = sent(upnp.talk(peer("udp", 1900, host=host)))
    assert query.startswith(b"M-SEARCH * HTTP/1.1\r\n" + field)
    assert b'MAN: "ssdp:discover"\r\n' in query
    assert query.endswith(b"ST: upnp:rootdevice\r\n\r\n")


@pytest.mark.parametrize(
    ("server", "product", "version", "system"),
    [
        (b"Linux/5.10 UPnP/1.0 Thing/2.1", "Thing", "2.1", "Linux 5.10"),
        (b"Debian/12 DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0", "MiniDLNA", "1.3.0", "Debian 12"),
        (b"FreeBSD/13, UPnP/1.1, MiniUPnPd/2.3.1", "MiniUPnPd", "2.3.1", "FreeBSD 13"),
        (b"Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0", "UPnP-Device-Host", "1.0", "Microsoft-Windows 10.0"),
        (b"Custom", "", "", "Custom"),
        (b"", "", "", ""),
    ],
)
def test_servers(server, product, version, system):
    named = hears(upnp, "udp", answer(server))
    assert (named.product, named.version, named.system) == (product, version, system)


def test_real_ones():
    assert hears(upnp, "udp", MINIUPNPD).product == "MiniUPnPd"
    assert dict(hears(upnp, "udp", MINIDLNA).facts)["location"].startswith("http://")


@pytest.mark.parametrize(
    "reply",
    [
        answer(target=b"upnp:rootdevices"),
        answer(status=b"HTTP/1.1 404 Not Found"),
        answer(status=b"NOTIFY * HTTP/1.1"),
        answer().replace(b"USN", b"XSN"),
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(upnp, "udp", reply) is None


def test_an_echo_is_no_device():
    assert hears(upnp, "udp", sent(upnp.talk(peer("udp")))) is None


@given(damaged(MINIUPNPD, answer()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(upnp, "udp", *replies))
