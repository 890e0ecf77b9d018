"""HTTP/1 is read as servers really send it, and no answer makes it grow, wait for ever or break."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.pages import page
from tests.kit.talks import damaged, peer

from hb_engine.identify.http import BODY, HEADERS, VALUE, get, host, is_whole, may_be_old, read, realm, request, title
from hb_engine.identify.kit import EVIDENCE, LIMIT, Peer

HEAD = b"HTTP/1.1 200 OK\r\nServer: x\r\n"


# -- the request


def test_the_request_is_whole_and_says_who_asks():
    asked = get(peer(port=8080))
    assert asked == (
        b"GET / HTTP/1.1\r\nHost: hb.invalid:8080\r\nUser-Agent: hb-engine\r\nAccept-Encoding: identity\r\n"
        b"Accept: */*\r\nConnection: close\r\n\r\n"
    )


def test_a_body_is_sent_with_its_length():
    asked = request(peer(port=80), "POST", "/x", ("Content-Type: text/plain",), b"abc")
    assert asked.endswith(b"Content-Length: 3\r\nConnection: close\r\n\r\nabc")


@pytest.mark.parametrize(
    ("name", "port", "tls", "shown"),
    [
        ("hb.invalid", 80, False, "hb.invalid"),
        ("hb.invalid", 443, True, "hb.invalid"),
        ("hb.invalid", 80, True, "hb.invalid:80"),
        ("192.0.2.1", 8080, False, "192.0.2.1:8080"),
        ("2001:db8::1", 80, False, "[2001:db8::1]"),
        ("2001:db8::1", 8443, True, "[2001:db8::1]:8443"),
        ("b\u00fccher.invalid", 80, False, "xn--bcher-kva.invalid"),
        ("\u00fc" * 300, 80, False, "hb.invalid"),
    ],
)
def test_the_host_header(name, port, tls, shown):
    assert host(Peer("tcp", name, port, b"", tls)) == shown


# -- heads


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", 200, "OK"),
        (b"HTTP/1.0 404 Not Found\n\n", 404, "Not Found"),
        (b"HTTP/1.1 200 \r\n\r\n", 200, ""),
        (b"HTTP/1.1 200\r\n\r\n", 200, ""),
        (b"HTTP/1.1  200  OK\r\n\r\n", 200, "OK"),
        (b"HTTP/2 421 x\r\n\r\n", 421, "x"),
        (b"HTTP/1.1 999 No\r\n", 999, "No"),
        (b"HTTP/1.1 200 gr\xfcn\r\n\r\n", 200, "gr\u00fcn"),
    ],
)
def test_status_lines(data, status, reason):
    found = read(data)
    assert found is not None
    assert (found.status, found.reason) == (status, reason)


@pytest.mark.parametrize(
    "data",
    [b"", b"HTTP/1.1", b"HTTP/1.1 OK", b"RTSP/1.0 200 OK\r\n\r\n", b"SIP/2.0 400 Bad\r\n\r\n", b"ICY 200 OK\r\n\r\n",
     b"HTTP/x.1 200 OK\r\n", b"HTTP/1. 200 OK\r\n", b"HTTP/1.1 20 OK\r\n", b"HTTP/1.1 2000 OK\r\n",
     b"http/1.1 200 OK\r\n", b"HTTP/1.1.1.1 200 OK\r\n", b"-ERR unknown command 'GET'\r\n",
     b"\x15\x03\x01\x00\x02\x02\x46", b"HTTP/1.1 099 x\r\n"],
)  # fmt: skip
def test_what_is_not_http(data):
    assert read(data) is None


def test_headers_are_bounded_in_number_and_size():
    lines = b"".join([b"X-%d: %s\r\n" % (number, b"v" * 5000) for number in range(10000)])
    found = read(HEAD + lines)
    assert found is not None
    assert len(found.headers) <= HEADERS
    assert max(len(value) for _, value in found.headers) <= VALUE
    assert is_whole(HEAD + lines)  # a head that never ends is not waited for


def test_a_million_headers_cost_no_more_than_a_hundred():
    found = read(HEAD + b"a:b\r\n" * 1_000_000)
    assert found is not None
    assert len(found.headers) == HEADERS


def test_odd_headers():
    found = read(
        b"HTTP/1.1 200 OK\r\nSERVER:x\r\nfolded: a\r\n b: c\r\nno colon\r\n: empty\r\nx:\xff\x00\x1b[31m\r\n\r\n"
    )
    assert found is not None
    assert found.headers == (("server", "x"), ("folded", "a"), ("x", "\u00ff [31m"))
    assert found.header("server") == "x"
    assert found.header("missing") == ""


def test_cookies_are_told_by_their_beginning():
    found = page(headers="Set-Cookie: a=1\nSet-Cookie: session_x=2; Path=/")
    assert found.cookie("session_")
    assert not found.cookie("x=2")


@pytest.mark.parametrize(
    "interim", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 3]
)
def test_interim_responses_are_passed_over(interim):
    found = read(interim + b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
    assert found is not None
    assert found.status == 404
    assert not is_whole(interim)
    assert is_whole(interim + b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")


def test_nothing_but_interim_responses_is_no_page():
    assert read(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000) is None
    assert is_whole(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


# -- bodies


@pytest.mark.parametrize(
    ("rest", "body", "whole"),
    [
        (b"Content-Length: 3\r\n\r\nabc", b"abc", True),
        (b"Content-Length: 3\r\n\r\nabcdef", b"abc", True),
        (b"Content-Length: 9\r\n\r\nabc", b"abc", False),
        (b"Content-Length: 0\r\n\r\n", b"", True),
        (b"Content-Length: -1\r\n\r\nabc", b"abc", False),
        (b"Content-Length: 99999999999999999999\r\n\r\nabc", b"abc", False),
        (b"content-length: 1\r\n\r\na", b"a", True),
        (b"\r\nabc", b"abc", False),  # until it closes
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"abc", True),
        (b"Transfer-Encoding: Chunked\r\n\r\n1;x=y\r\na\r\n2\r\nbc\r\n0\r\n\r\n", b"abc", True),
        (b"Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", b"abc", True),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nab", b"ab", False),
        (b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\nab", b"ab", False),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcXX\r\n", b"abc", True),  # what follows is no chunk
        (b"Transfer-Encoding: chunked\r\n\r\n-3\r\nabc", b"", True),
        (b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 300, b"", True),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"", False),
    ],
)
def test_bodies_and_their_ends(rest, body, whole):
    found = read(HEAD + rest)
    assert found is not None
    assert (found.body, is_whole(HEAD + rest)) == (body, whole)


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified", b"101 Switching Protocols"])
def test_some_statuses_have_no_body(status):
    assert is_whole(b"HTTP/1.1 " + status + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),  # without zlib's wrapping, as many send it
    ],
)
def test_bodies_that_are_packed_although_nobody_asked(name, pack):
    packed = pack(b"<title>hello</title>")
    found = read(HEAD + f"Content-Encoding: {name}\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed)
    assert found is not None
    assert found.body == b"<title>hello</title>"


def test_a_bomb_unfolds_no_further_than_the_bound():
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < LIMIT
    found = read(HEAD + b"Content-Encoding: gzip\r\n\r\n" + bomb)
    assert found is not None
    assert len(found.body) == BODY


def test_what_claims_to_be_packed_and_is_not():
    found = read(HEAD + b"Content-Encoding: gzip\r\n\r\nnot packed")
    assert found is not None
    assert found.body == b""


def test_many_tiny_chunks_are_bounded():
    data = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 100_000
    found = read(data)
    assert found is not None
    assert len(found.body) <= BODY
    assert is_whole(data)


# -- what is told


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<title>Hello</title>", "Hello"),
        ("<TITLE lang=en>\n Hello \t world\n</TITLE>", "Hello world"),
        ("<title>a &amp; b &lt;c&gt;</title>", "a & b <c>"),
        ("<title>&amp;amp;lt;</title>", "&amp;lt;"),  # one layer, and no more
        ("<title>&#x1b;[31m&#0;</title>", "[31m\ufffd"),
        ("<title>no end", "no end"),
        ("<title", ""),
        ("", ""),
        ("<p>title</p>", ""),
        ("<title></title>", ""),
        ("<title>" + "&amp;" * 100000 + "</title>", "&" * EVIDENCE),
        ("<title>" + "x" * 100000, "x" * EVIDENCE),
    ],
)
def test_titles(body, shown):
    assert title(page(body=body)) == shown


def test_a_title_in_latin_1_is_kept():
    found = read(HEAD + b"\r\n<title>Men\xfc</title>")
    assert found is not None
    assert title(found) == "Men\u00fc"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('Basic realm="hello world", charset="UTF-8"', "hello world"),
        ('Digest qop="auth", realm="a \\"b\\" c", nonce="x"', "a 'b' c"),
        ("Basic realm=plain", "plain"),
        ("Basic REALM=plain, x=y", "plain"),
        ('Basic realm="no end', "no end"),
        ("Negotiate", ""),
        ("", ""),
    ],
)
def test_realms(value, shown):
    assert realm(value) == shown


@pytest.mark.parametrize("body", ["", "[1]", '"x"', "{", '{"a":1', "null", '{"a":' * 10000, '{"a":' + "9" * 5000 + "}"])
def test_what_is_no_json_object_is_an_empty_one(body):
    assert page(body=body).json() == {}


def test_a_json_object():
    assert page(body={"a": {"b": 1}}).json() == {"a": {"b": 1}}


# -- any bytes


@pytest.mark.parametrize(("data", "old"), [(b"<html>", True), (b"<!DOCTYPE HTML>", True), (b"<", True), (b"<x", False),
                                           (b"hello", False)])  # fmt: skip
def test_a_page_without_a_head(data, old):
    assert may_be_old(data) is old
    assert is_whole(data) is not old


GOOD = HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n<title>hi</title\r\n1\r\n>\r\n0\r\n\r\n"


def test_byte_by_byte_it_is_whole_at_its_end_only():
    assert [size for size in range(1, len(GOOD) + 1) if is_whole(GOOD[:size])] == [
        len(GOOD) - 2,
        len(GOOD) - 1,
        len(GOOD),
    ]


@given(damaged(GOOD, HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello")))
def test_no_bytes_break_it(replies):
    for data in replies:
        is_whole(data)
        found = read(data)
        if found:
            assert len(found.body) <= BODY
            title(found)
            found.json()


@given(st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail))
def test_no_head_breaks_it(data):
    assert read(data) is not None
    assert isinstance(is_whole(data), bool)
