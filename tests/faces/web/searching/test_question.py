"""What is asked: ports in all the ways in which people write them, and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.searching.question import HIGHEST, MOST, parse


@pytest.mark.parametrize(
    ("text", "port", "transport"),
    [
        ("1703", 1703, None),
        (" 22 ", 22, None),
        ("0", 0, None),
        ("65535", 65535, None),
        ("tcp/22", 22, "tcp"),
        ("22/UDP", 22, "udp"),
        ("port 22", 22, None),
        ("Port: 22", None, None),
        (":8080", 8080, None),
        ("udp 53", 53, "udp"),
        ("53 udp", 53, "udp"),
        ("ポート 80", 80, None),
        ("puerto 80", 80, None),
        ("\uff11\uff17\uff10\uff13", 1703, None),
        ("022", 22, None),
        ("22-22", 22, None),
        ("22 22", 22, None),
        ("tcp 22 udp", 22, None),
        ("22 80", None, None),
        ("8000-8100", None, None),
        ("ssh 22", None, "x"),
        ("65536", None, None),
        ("tcp", None, None),
        ("22/ip", None, None),
        ("-1", None, None),
        ("1e3", None, None),
        ("", None, None),
        ("\u0661\u0662", None, None),
    ],
)
def test_one_port_alone(text, port, transport):
    found = parse(text)
    assert found.exact == port
    if port is not None:
        assert found.transport == transport


@pytest.mark.parametrize(
    ("text", "ports", "words"),
    [
        ("8000-8100", ((8000, 8100),), ()),
        ("8100-8000", ((8000, 8100),), ()),
        ("8000 \u2013 8100", ((8000, 8100),), ()),
        ("8000..8100", ((8000, 8100),), ()),
        ("65000-70000", ((65000, 65535),), ()),
        ("22, 80;443", ((22, 22), (80, 80), (443, 443)), ()),
        ("ports 22 80", ((22, 22), (80, 80)), ()),
        ("ssh 22", ((22, 22),), ("ssh",)),
        ("redis on port 6379", ((6379, 6379),), ("redis", "on")),
        ("port", (), ("port",)),
        ("tcp wrapper", (), ("tcp", "wrapper")),
        ("10.0.0.5", (), ("10.0.0.5",)),
        ("::1", (), ("::1",)),
        ("tcp/http", (), ("tcp/http",)),
        ("tcp/20-21", ((20, 21),), ()),
    ],
)
def test_ranges_and_words(text, ports, words):
    found = parse(text)
    assert (found.ports, found.words) == (ports, words)


def test_numbers_that_are_no_port():
    assert parse("70000").beyond == (70000,)
    assert parse("70000").exact is None
    assert parse("22 70000").exact is None


@given(st.text(max_size=300))
def test_whatever_is_typed_is_a_question(text):
    found = parse(text)
    assert len(found.ports) <= MOST
    assert all(0 <= first <= last <= HIGHEST for first, last in found.ports)
    assert len(found.text) <= 200


@given(st.integers(0, HIGHEST), st.sampled_from(["tcp", "udp", "sctp", "dccp", "udplite"]))
def test_every_port_is_found_by_its_number(port, transport):
    assert parse(str(port)).exact == port
    assert (parse(f"{transport}/{port}").exact, parse(f"{transport}/{port}").transport) == (port, transport)
