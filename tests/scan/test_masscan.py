"""masscan's banners come one by one, and are put together without concluding what they do not say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.answer import Answer
from hb_engine.scan.masscan import with_banner

OPEN = Answer("tcp", 443, "open", "syn-ack", 64, held="not-asked")


def told(*banners):
    answer = OPEN
    for name, banner in banners:
        answer = with_banner(answer, name, banner)
    return answer


def test_a_first_line_names_the_service_and_is_the_evidence():
    found = told(("ssh", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"))
    assert (found.identity.name, found.identity.proof, found.held) == ("ssh", "banner", "")
    assert found.identity.evidence == "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"
    assert (found.identity.product, found.identity.version) == ("", "")


def test_a_server_s_name_gives_product_and_version_in_whichever_order_it_comes():
    server, http = ("http.server", "nginx/1.22.1 (Debian)"), ("http", "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1")
    for order in ((server, http), (http, server)):
        found = told(*order).identity
        assert (found.name, found.product, found.version) == ("http", "nginx", "1.22.1")


def test_tls_is_the_way_and_not_the_service_once_one_is_known():
    hello = ("ssl", "TLS/1.2 cipher:0xc02f, odd.example")
    assert told(hello).identity.name == "ssl"
    found = told(hello, ("X509", "MIIC"), ("http", "HTTP/1.1 200 OK")).identity
    assert (found.name, found.tls.version) == ("http", "TLSv1.2")


def test_a_banner_without_a_name_says_only_that_something_speaks():
    found = told(("unknown", "\x07ODD"))
    assert (found.identity, found.held) == (None, "unknown")
    assert told(("ssh", "SSH-2.0-x"), ("vuln", "x")).identity.name == "ssh"


def test_other_names_become_nmap_s():
    assert told(("pop", "+OK")).identity.name == "pop3"
    assert told(("smb", "x")).identity.name == "microsoft-ds"


@given(
    st.lists(
        st.tuples(st.sampled_from(["ssl", "X509", "http", "http.server", "unknown", ""]) | st.text(), st.text()),
        max_size=5,
    )
)
def test_no_banner_can_break_it_and_all_is_bounded(banners):
    found = told(*banners).identity
    if found is not None:
        assert max(len(found.evidence), len(found.product), len(found.version)) <= 200
