"""What people type, and what it means; the impossible is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput
from hb_engine.registry.query import Query, parse, port_of


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1703", Query("port", 1703)),
        (" 1703 ", Query("port", 1703)),
        ("00080", Query("port", 80)),
        ("1", Query("port", 1)),
        ("65535", Query("port", 65535)),
        ("tcp/1703", Query("port", 1703, "tcp")),
        ("1703/tcp", Query("port", 1703, "tcp")),
        ("UDP/53", Query("port", 53, "udp")),
        ("53/UdpLite", Query("port", 53, "udplite")),
        ("mptcp/443", Query("port", 443, "tcp")),
        ("hb-engine", Query("name", text="hb-engine")),
        ("tcp/http", Query("name", None, "tcp", "http")),
        ("http/tcp", Query("name", None, "tcp", "http")),
        ("3com-tsmux", Query("name", text="3com-tsmux")),
        ("z39.50", Query("name", text="z39.50")),
        ("0x6a7", Query("name", text="0x6a7")),
        ("tcp", Query("name", text="tcp")),
        ("line  printer ", Query("words", text="line printer")),
        ("tcp 1703", Query("words", text="tcp 1703")),
        ("Göttingen", Query("name", text="Göttingen")),
    ],
)
def test_what_is_meant(text, meant):
    assert parse(text) == meant


def test_names_with_a_slash_must_be_known():
    assert parse("cl/1", {"cl/1"}.__contains__) == Query("name", text="cl/1")
    with pytest.raises(BadInput, match="'cl' is not a transport"):
        parse("cl/1")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("0", "reserved"),
        ("tcp/0", "reserved"),
        ("0000", "reserved"),
        ("65536", "65535"),
        ("99999999999999999999", "65535"),
        ("9" * 150, "65535"),
        ("-1", "sign"),
        ("+5", "sign"),
        ("tcp/-1", "sign"),
        ("tcp/65536", "65535"),
        ("tcp/", "no port"),
        ("/tcp", "no port"),
        ("abc/99", "'abc' is not a transport"),
        ("99/abc", "'abc' is not a transport"),
        ("/", "transport"),
        ("80/", "transport"),
        ("//", "transport"),
        ("6000-6063", "range"),
        ("", "nothing"),
        ("   ", "nothing"),
        ("x" * 201, "longer"),
        ("\x1b[31mred", "printed"),
        ("a\nb", "printed"),
        ("a\u202eb", "printed"),
        ("\udc80", "printed"),
        ("a\x00", "printed"),
        ("a\tb", "printed"),
    ],
)
def test_what_cannot_be(text, word):
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert word in caught.value.message
    assert caught.value.message.isprintable()
    assert caught.value.remedy


def test_other_digits_are_no_port():
    assert parse("\uff11\uff17\uff10\uff13").kind == "name"
    assert parse("²").kind == "name"


def test_only_a_port_will_do():
    assert port_of("443") == 443
    for text in ("http", "tcp/443", "", "0", "65536", "4 4"):
        with pytest.raises(BadInput):
            port_of(text)


def understood(asked):
    """Whether a text is a sound question, or refused in words that can be printed."""
    try:
        found = parse(asked)
    except BadInput as error:
        return error.message.isprintable()
    return found.kind in ("port", "name", "words") and (found.kind == "port") == (1 <= (found.port or 0) <= 65535)


@given(st.text())
@example("tcp/\x1b")
@example("-" * 10)
@example("+")
def test_any_text_is_a_query_or_refused(text):
    for asked in (text, f"tcp/{text}", f"{text}/udp", f"0{text}"):
        assert understood(asked)


@given(st.integers(1, 65535), st.sampled_from(["tcp", "udp", "sctp", "dccp", "udplite"]))
def test_every_port_both_ways(port, transport):
    assert parse(f"{transport}/{port}") == parse(f"{port}/{transport}") == Query("port", port, transport)
    assert parse(str(port)) == Query("port", port)
