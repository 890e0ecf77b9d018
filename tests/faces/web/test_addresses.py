"""An address is one segment of path, whatever a machine or a process calls itself, and leads back to one name."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import HOSTILE, SSH

from hb_engine.faces.web import addresses

NAMES = st.text(st.characters(), max_size=120) | st.sampled_from((*HOSTILE, "", ".", "..", "a/b", "a%2fb", "~0", " a"))


def test_a_key_is_the_first_sixteen_digits_of_its_digest():
    assert (
        addresses.short("tcp/public/22/unit:ssh.service/host")
        == (hashlib.sha256(b"tcp/public/22/unit:ssh.service/host").hexdigest()[:16])
    )


def test_a_key_with_bytes_that_are_no_text_has_an_address():
    assert addresses.short("tcp/\udcff") == hashlib.sha256(b"tcp/\xed\xb3\xbf").hexdigest()[:16]
    assert addresses.short("\udcc3\udca9") != addresses.short("é")  # two bytes that were no text, and a letter


@pytest.mark.parametrize("name", ["web-17", "db 3", "münchen", "魔王", "node.example", "a+b", "x?y#z"])
def test_a_name_that_is_plain_stands_in_its_address(name):
    assert addresses.segment(name) == name
    assert unquote(addresses.machine(name)) == f"/machines/{name}"


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "~0123456789abcdef", "a/b", "a\\b", "a%2fb", " a", "a ", "a" * 101, *HOSTILE[:5]]
)
def test_a_name_that_would_be_changed_on_its_way_gets_a_digest(name):
    assert addresses.segment(name) == "~" + addresses.short(name)


@given(NAMES)
def test_every_name_is_one_segment(name):
    address = addresses.machine(name)
    assert address.isascii()
    assert address.isprintable()
    assert urlsplit(address).path == address
    assert address.count("/") == 2
    assert unquote(address.rpartition("/")[2]) == addresses.segment(name)
    assert addresses.segment(name) not in ("", ".", "..")


@given(NAMES, NAMES)
def test_no_two_names_have_one_address(one, other):
    assert (addresses.machine(one) == addresses.machine(other)) == (one == other)


def test_what_a_machine_has_is_below_it():
    assert addresses.changes("web-17") == "/machines/web-17/changes"
    assert addresses.opening("web-17", SSH.key) == f"/machines/web-17/openings/{addresses.short(SSH.key)}"
    assert addresses.opening_of("web-17", SSH) == addresses.opening("web-17", SSH.key)
    assert addresses.port(1703) == "/ports/1703"
    assert addresses.port(1703, "udp") == "/ports/1703/udp"


def test_a_query_leaves_out_what_is_empty_and_keeps_zero():
    made = addresses.with_query("/machines", q="a b&c", page=0, state="", sort=None, folded=False)
    assert parse_qs(urlsplit(made).query) == {"q": ["a b&c"], "page": ["0"]}
    assert addresses.with_query("/machines", q="") == "/machines"


@given(st.text(st.characters(), max_size=20))
def test_a_query_may_hold_any_text(text):
    made = addresses.with_query("/search", q=text)
    assert made.isascii()
