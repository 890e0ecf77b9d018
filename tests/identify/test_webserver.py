"""Server headers as they are met, and what may be said of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.pages import PAGES, page
from tests.kit.talks import is_bounded

from hb_engine.identify.kit import EVIDENCE
from hb_engine.identify.webserver import (
    SERVERS,
    application,
    between,
    cpes,
    describe,
    line_of,
    product_of,
    system_of,
    told,
    wants_tls,
)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("nginx/1.22.1", ("nginx", "1.22.1", "")),
        ("nginx", ("nginx", "", "")),
        ("Apache/2.4.57 (Debian) OpenSSL/3.0.11", ("Apache", "2.4.57", "Debian OpenSSL/3.0.11")),
        ("Apache", ("Apache", "", "")),
        ("Apache (Unix)", ("Apache", "", "Unix")),
        ("Microsoft-IIS/10.0", ("Microsoft-IIS", "10.0", "")),
        ("Jetty(9.4.53.v20231009)", ("Jetty", "9.4.53.v20231009", "")),
        ("Werkzeug/3.0.1 Python/3.11.2", ("Werkzeug", "3.0.1", "Python/3.11.2")),
        ("Python/3.11 aiohttp/3.14.5", ("aiohttp", "3.14.5", "Python/3.11")),
        ("Python/3.11", ("Python", "3.11", "")),
        ("Icecast 2.4.4", ("Icecast", "2.4.4", "")),
        ("Netdata Embedded HTTP Server v1.37.1", ("Netdata Embedded HTTP Server v1.37.1", "", "")),
        ("Caddy/v2.6.2", ("Caddy", "2.6.2", "")),
        ("Debian DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0", ("MiniDLNA", "1.3.0", "Debian DLNADOC/1.50")),
        ("Linux/5.10, UPnP/1.0, Player/7.1", ("Player", "7.1", "Linux/5.10")),
        ("Linux/5.10 UPnP/1.0", ("Linux", "5.10", "UPnP/1.0")),
        ("mini_httpd/1.30 26Oct2018", ("mini_httpd", "1.30", "26Oct2018")),
        ("Docker/20.10.24+dfsg1 (linux)", ("Docker", "20.10.24+dfsg1", "linux")),
        ("Linux/3.4, UPnP/1.0, Portable SDK/1.6", ("Portable SDK", "1.6", "Linux/3.4")),
        ("x/y", ("x", "", "y")),
        ("/1.2", ("", "1.2", "")),
        ("", ("", "", "")),
    ],
)
def test_a_server_header_taken_apart(header, shown):
    assert product_of(header) == shown


def test_a_known_server_has_its_usual_name_and_cpe():
    found = describe(page("200 OK", "Server: Apache/2.4.57 (Debian)", "<title>It works</title>"))
    assert (found.name, found.product, found.version, found.info) == ("http", "Apache httpd", "2.4.57", "Debian")
    assert found.cpe == ("cpe:/a:apache:http_server:2.4.57",)
    assert found.system == "Linux"
    assert found.evidence == "HTTP/1.1 200 OK, server: Apache/2.4.57 (Debian)"
    assert found.facts == (("status", "200"), ("title", "It works"), ("server", "Apache/2.4.57 (Debian)"))


def test_an_unknown_server_is_told_as_it_calls_itself_and_gets_no_cpe():
    found = describe(page(headers="Server: Frobnicator/1.2"))
    assert (found.product, found.version, found.cpe) == ("Frobnicator", "1.2", ())


def test_a_page_without_a_server_is_http_all_the_same():
    found = describe(page("204 No Content"))
    assert (found.name, found.product, found.proof, found.facts) == ("http", "", "structure", (("status", "204"),))


@pytest.mark.parametrize(
    ("status", "guarded"), [("401 No", True), ("403 No", True), ("407 No", True), ("404 No", False)]
)
def test_what_refuses_us_is_guarded(status, guarded):
    assert describe(page(status)).guarded is guarded


@pytest.mark.parametrize("found", [page("407 No"), page("400 No", 'Proxy-Authenticate: Basic realm="x"')])
def test_what_wants_a_login_for_passing_on_is_a_proxy(found):
    """RFC 9110 11.7.1: only a proxy asks for that."""
    assert describe(found).name == "http-proxy"


def test_facts_that_a_person_looks_for():
    headers = 'WWW-Authenticate: Basic realm="cellar"\nX-Powered-By: PHP/8.2\nVia: 1.1 x\nLocation: https://a.invalid/'
    facts = dict(describe(page("401 No", headers)).facts)
    assert facts == {"status": "401", "realm": "cellar", "powered-by": "PHP/8.2", "via": "1.1 x",
                     "location": "https://a.invalid/"}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "wants"),
    [
        ("<center>The plain HTTP request was sent to HTTPS port</center>", True),  # nginx
        ("Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />", True),  # Apache
        ("Client sent an HTTP request to an HTTPS server.\n", True),  # Go
        ("Bad Request\nThis combination of host and port requires TLS.\n", True),  # Tomcat
        ("Bad Request", False),
    ],
)
def test_a_server_that_wants_tls_says_so(body, wants):
    assert wants_tls(page("400 Bad Request", "", body)) is wants
    assert (("wants", "TLS") in describe(page("400 Bad Request", "", body)).facts) is wants
    assert not wants_tls(page("200 OK", "", body))
    assert not wants_tls(page("400 Bad Request", "", body, tls=True))


@pytest.mark.parametrize(
    ("header", "system"),
    [("Apache/2.4 (Debian)", "Linux"), ("Apache (Win64)", "Windows"), ("lighttpd/1.4 (FreeBSD)", "FreeBSD"), ("x", "")],
)
def test_systems(header, system):
    assert system_of(header) == system


@pytest.mark.parametrize(
    ("pair", "version", "names"),
    [
        ("f5:nginx", "1.22.1", ("cpe:/a:f5:nginx:1.22.1",)),
        ("f5:nginx", "", ("cpe:/a:f5:nginx",)),
        ("", "1.0", ()),
        ("f5:nginx", "1:2", ()),  # would be read as something else
        ("f5:nginx", "\u0661", ()),
    ],
)
def test_cpes(pair, version, names):
    assert cpes(pair, version) == names


def test_every_known_server_is_spelt_as_it_is_looked_up():
    assert all(name == name.lower() and "/" not in name for name in SERVERS)
    assert all(not pair or pair.count(":") == 1 for _, pair in SERVERS.values())


def test_an_application_is_bounded():
    found = application("x", "1" * 300, evidence="e" * 500, info="i" * 500, facts=(("a", "b" * 500), ("empty", "")))
    assert is_bounded(found)
    assert [name for name, _ in found.facts] == ["a"]


@pytest.mark.parametrize(
    ("document", "keys", "shown"),
    [
        ({"a": {"b": "c"}}, ("a", "b"), "c"),
        ({"a": {"b": 1}}, ("a", "b"), ""),
        ({"a": ["b"]}, ("a", "b"), ""),
        ({}, ("a",), ""),
        (None, ("a",), ""),
        ({"a": "x\n\x1b[31m" + "y" * 500}, ("a",), "x [31m" + "y" * (EVIDENCE - 7)),
        ({"a": "\ud800"}, ("a",), "?"),
    ],
)
def test_texts_in_documents(document, keys, shown):
    assert told(document, *keys) == shown


@pytest.mark.parametrize(
    ("data", "shown"),
    [(b"v=1.2;", "1.2"), (b"v=1.2", ""), (b"v=;", ""), (b"x", ""), (b"v=" + b"1" * 500 + b";", "")],
)
def test_texts_between_marks(data, shown):
    assert between(data, b"v=", b";") == shown


def test_headers_as_evidence():
    found = page("200 OK", "Server: x\nX-Jenkins: 2")
    assert line_of(found, "x-jenkins", "missing") == "HTTP/1.1 200 OK, x-jenkins: 2"


@given(PAGES)
def test_no_page_breaks_it(found):
    named = describe(found)
    assert is_bounded(named)
    assert named.name in ("http", "http-proxy")


@given(st.text(max_size=80))
def test_no_header_breaks_it(header):
    name, version, rest = product_of(header)
    assert not version or version[0].isdigit()
    assert len(name) + len(version) + len(rest) <= EVIDENCE + 2
