"""Which requests are a browser's on our own pages: a table of hosts, origins, purposes and methods."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.guard import requests
from hb_engine.faces.web.guard.requests import BODY, Headers, port_of, refuse

HOST = (b"host", b"127.0.0.1:1703")


def headers(*pairs, host=HOST):
    named = [(name.encode(), value.encode("latin-1")) for name, value in pairs]
    return Headers([host, *named] if host else named)


def status(method, *pairs, path="/", host=HOST):
    refusal = refuse(method, path, headers(*pairs, host=host))
    return refusal.status if refusal else 200


OURS = {
    "127.0.0.1:1703": 1703,
    "127.0.0.1": 80,
    "localhost:9991": 9991,
    "LocalHost:1": 1,
    "[::1]:1703": 1703,
    "[::1]": 80,
    "127.0.0.2:65535": 65535,
    "127.255.255.254:22": 22,
}


@pytest.mark.parametrize(("host", "port"), OURS.items())
def test_hosts_that_are_ours(host, port):
    assert port_of(host) == port
    assert status("GET", host=(b"host", host.encode())) == 200


STRANGE = [
    *("", "evil.example", "evil.example:1703", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1."),
    *("localhost.", "localhost:", "localhost:0", "localhost:65536", "localhost:1703:1703", "localhost:17o3"),
    *("127.1", "0.0.0.0", "0x7f.0.0.1", "127.0.0.01", "127.0.0.256", "2130706433", "[::]", "[::ffff:127.0.0.1]"),
    *("::1", "[::1", "[::1]x", "user@127.0.0.1", "127.0.0.1/", " 127.0.0.1", "127.0.0.1:+80", "[0:0:0:0:0:0:0:1]"),
    *("128.0.0.1", "10.0.0.1:1703", "web-17:1703", "127.0.0.\u00b2", "localhost:\u0661"),
]


@pytest.mark.parametrize("host", STRANGE)
def test_hosts_that_could_be_anybody_s(host):
    assert port_of(host) is None


@pytest.mark.parametrize("host", ["evil.example", "web-17:1703", "127.0.0.1."])
def test_another_name_is_misdirected(host):
    for method in ("GET", "POST", "HEAD"):
        assert status(method, host=(b"host", host.encode())) == 421


def test_no_host_and_two_hosts():
    assert status("GET", host=None) == 400
    assert status("GET", ("host", "127.0.0.1:1703")) == 400
    assert status("GET", ("Host", "evil.example")) == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "get", "PROPFIND"])
def test_methods_that_nothing_needs(method):
    assert status(method) == 405


@pytest.mark.parametrize("path", ["http://127.0.0.1:1703/", "*", "", "evil.example:80"])
def test_what_a_proxy_is_asked(path):
    assert status("GET", path=path) == 400


SITES = [("none", 200), ("same-origin", 200), ("same-site", 403), ("cross-site", 403), ("odd", 403)]


@pytest.mark.parametrize(("site", "expected"), SITES)
@pytest.mark.parametrize(
    ("mode", "dest"),
    [("no-cors", "script"), ("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe"), ("navigate", "embed")],
)
def test_other_sites_and_other_ports_load_nothing(site, expected, mode, dest):
    sent = ("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)
    assert status("GET", *sent) == expected
    assert status("HEAD", *sent) == expected


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_a_person_who_follows_a_link_comes_in(site):
    sent = ("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")
    assert status("GET", *sent) == 200


def test_a_program_that_says_nothing_may_read():
    assert status("GET") == status("HEAD") == 200


ORIGINS = {
    "http://127.0.0.1:1703": 200,
    "HTTP://127.0.0.1:1703": 200,
    "https://127.0.0.1:1703": 403,
    "http://127.0.0.1": 403,
    "http://127.0.0.1:17030": 403,
    "http://127.0.0.1:1704": 403,
    "http://localhost:1703": 403,
    "http://evil.example": 403,
    "null": 403,
    "": 403,
}


@pytest.mark.parametrize(("origin", "expected"), ORIGINS.items())
def test_forms_come_from_our_own_pages(origin, expected):
    assert status("POST", ("origin", origin)) == expected
    assert status("POST", ("origin", origin), ("sec-fetch-site", "same-origin")) == expected


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_a_browser_calls_another_site_s_is_refused_whatever_its_origin(site):
    assert status("POST", ("origin", "http://127.0.0.1:1703"), ("sec-fetch-site", site)) == 403


def test_a_form_without_an_origin():
    assert status("POST") == 403
    assert status("POST", ("sec-fetch-site", "same-origin")) == 200
    assert status("POST", ("sec-fetch-site", "none")) == 200


def test_behind_a_tunnel_the_port_is_the_tunnel_s():
    host = (b"host", b"localhost:9991")
    assert status("POST", ("origin", "http://localhost:9991"), host=host) == 200
    assert status("POST", ("origin", "http://localhost:1703"), host=host) == 403


@pytest.mark.parametrize("name", requests.ONCE)
def test_what_may_be_said_once(name):
    assert status("POST", (name, "1"), (name.upper(), "1")) == 400


@pytest.mark.parametrize(
    ("length", "expected"),
    [("0", 200), (str(BODY), 200), (str(BODY + 1), 413), ("-1", 413), ("1e3", 413), ("9" * 30, 413), ("\u00b2", 413)],
)
def test_how_much_a_request_may_say_that_it_brings(length, expected):
    assert status("POST", ("content-length", length), ("origin", "http://127.0.0.1:1703")) == expected


@pytest.mark.parametrize(
    ("name", "value", "ahead"),
    [
        ("sec-purpose", "prefetch", True),
        ("sec-purpose", "prefetch;prerender", True),
        ("purpose", "prefetch", True),
        ("x-moz", "prefetch", True),
        ("x-purpose", "preview", False),
        ("sec-purpose", "", False),
    ],
)
def test_browsers_that_only_fetch_ahead(name, value, ahead):
    assert requests.is_ahead(headers((name, value))) is ahead


def test_cookies_of_several_lines_are_one():
    assert headers(("cookie", "a=1"), ("Cookie", "b=2")).get("cookie") == "a=1; b=2"
    assert "cookie" not in headers()


@given(st.text(max_size=40))
def test_any_host_has_a_port_or_none(host):
    port = port_of(host)
    assert port is None or 0 < port < 65536


@given(st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=20)), max_size=6), st.text(max_size=8))
def test_any_request_is_taken_or_refused(raw, method):
    refusal = refuse(method, "/", Headers(raw))
    assert refusal is None or 400 <= refusal.status < 600
