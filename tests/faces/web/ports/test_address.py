"""Every way to write a port in an address, and every way to miss one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces.web import kit

from hb_engine.faces.web.page import Moved, NotThere
from hb_engine.faces.web.ports.address import Asked, asked, number

KNOWN = kit.REGISTRY


@settings(deadline=None)
@given(st.integers(0, 65535), st.sampled_from(["", "tcp", "udp", "sctp", "dccp"]))
def test_every_port_has_its_address(port, transport):
    assert asked(str(port), KNOWN, transport) == Asked(port, transport)
    assert asked(f"{port}.json", KNOWN) == Asked(port, "", json=True)


@pytest.mark.parametrize(
    ("text", "transport", "to"),
    [
        ("01703", "", "/ports/1703"),
        ("00", "", "/ports/0"),
        ("0" * 100 + "22", "tcp", "/ports/22/tcp"),
        ("1703", "TCP", "/ports/1703/tcp"),
        ("1703", "udplite", "/ports/1703/udp"),
        ("1703", "mptcp", "/ports/1703/tcp"),
        ("007.json", "", "/ports/7.json"),
        ("hb-engine", "", "/ports/1703"),
        ("HB-Engine", "udp", "/ports/1703/udp"),
        ("postgresql", "tcp", "/ports/5432/tcp"),
        ("x11", "", "/search?q=x11"),  # a range has no one page
    ],
)
def test_other_ways_to_write_it_lead_to_the_one_address(text, transport, to):
    assert asked(text, KNOWN, transport) == Moved(to)


def test_the_document_of_a_transport():
    assert asked("1703", KNOWN, "tcp.json") == Asked(1703, "tcp", json=True)


@pytest.mark.parametrize(
    "text",
    ["65536", "-1", "+1", "abc", "0x16", "1e3", "1.0", "\uff11\uff17\uff10\uff13",
     "\u0662\u0662", "\u00b2", "22 ", "", ".json", "a" * 200, "9" * 100,
     "22/tcp", "%", "\x00", "../1", "<script>"],
)  # fmt: skip
def test_what_is_no_port_is_not_there(text):
    with pytest.raises(NotThere) as raised:
        asked(text, KNOWN)
    assert len(raised.value.message) < 120
    assert raised.value.remedy


@pytest.mark.parametrize("transport", ["xyz", "icmp", "tcp ", "tcp/udp", "\uff34\uff23\uff30", "a" * 200, "1703"])
def test_what_is_no_transport_is_not_there(transport):
    with pytest.raises(NotThere):
        asked("1703", KNOWN, transport)


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=10))
def test_no_address_breaks_it(text, transport):
    try:
        told = asked(text, KNOWN, transport)
    except NotThere:
        return
    assert isinstance(told, (Asked, Moved))
    if isinstance(told, Moved):
        assert told.to.startswith(("/ports/", "/search?q="))


@pytest.mark.parametrize(("text", "port"), [("0", 0), ("65535", 65535), ("x", None), ("", None), ("\u0661", None)])
def test_a_number_is_ascii_digits(text, port):
    assert number(text) == port
