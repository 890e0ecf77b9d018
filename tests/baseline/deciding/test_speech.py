"""What speaks there against `speaks`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.deciding import answer, tls

from hb_engine.baseline.deciding.speech import compare, held
from hb_engine.model.answer import Answer
from hb_engine.model.baseline import Speaks
from hb_engine.model.identity import Certificate
from hb_engine.model.record import replace

SHOP = Certificate("CN=www.example.org", "CN=Example CA", ("www.example.org", "*.shop.example.org"), sha256="ab" * 32)
HTTPS = answer("http", tls=tls("TLSv1.2", "TLSv1.3", certificate=SHOP), product="nginx", version="1.22.1")


def outcome(wanted, spoken):
    return held(wanted, spoken)[0]


@pytest.mark.parametrize(
    ("names", "spoken", "expected"),
    [
        (("http",), answer("http"), ""),
        (("https",), HTTPS, ""),
        (("https",), answer("https"), ""),
        (("https",), answer("http"), "weaker"),  # in clear
        (("http",), HTTPS, "speaks-else"),
        (("http", "https"), HTTPS, ""),
        (("http", "https"), answer("http"), ""),
        (("https",), answer("ssh"), "speaks-else"),
        (("ssh", "telnet"), answer("telnet"), ""),
        (("SSH",), answer("ssh"), ""),
        (("imaps",), answer("imap", tls=tls("TLSv1.3")), ""),
        (("imap",), answer("imap", tls=tls("TLSv1.3", how="starttls")), ""),
        (("domain",), answer("domain"), ""),
        (("https",), answer("ssl", tls=tls("TLSv1.3")), "speech-unseen"),  # nobody knows what is inside
        (("ssh",), answer("ssl", tls=tls("TLSv1.3")), "speaks-else"),
        ((), answer("anything"), ""),
    ],
)
def test_names(names, spoken, expected):
    assert outcome(Speaks(names), spoken) == expected


def unnamed(state="open", how="silent"):
    return Answer("tcp", 443, state, "no-response", held=how)


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        (None, "speech-unseen"),
        (unnamed(), "speech-unseen"),
        (unnamed(how="unprovable"), "speech-unseen"),
        (unnamed(how="not-asked"), "speech-unseen"),
        (unnamed("filtered", ""), "speech-unseen"),
        (unnamed(how="unknown"), "speaks-else"),  # it was asked in https, and what came back was none
        (answer("https", proof="port"), "speech-unseen"),  # a number proves nothing
    ],
)
def test_what_was_not_found_out_is_neither_a_fit_nor_a_misfit(spoken, expected):
    assert outcome(Speaks(("https",)), spoken) == expected


@pytest.mark.parametrize(
    ("least", "offered", "expected"),
    [
        ("1.2", ("TLSv1.2", "TLSv1.3"), ""),
        ("1.2", ("TLSv1", "TLSv1.3"), "weaker"),  # whoever attacks may choose the oldest
        ("1.3", ("TLSv1.2", "TLSv1.3"), "weaker"),
        ("1.0", ("TLSv1",), ""),
        ("1.0", ("SSLv3", "TLSv1.2"), "weaker"),
        ("1.1", ("TLSv1.1",), ""),
        ("1.2", ("DTLSv1.2",), ""),
        ("1.2", ("DTLSv1.0",), "weaker"),
        ("1.2", (), "speech-unseen"),
    ],
)
def test_the_oldest_tls_that_is_offered_counts(least, offered, expected):
    assert outcome(Speaks(("https",), least), answer("http", tls=tls(*offered))) == expected


def test_without_tls_where_it_is_wanted():
    told = held(Speaks(("http",), "1.2"), answer("http"))
    assert told == ("weaker", "http speaks without TLS; 1.2 or newer is wanted")
    assert outcome(Speaks(("smtp",), "1.2"), answer("smtp", starttls="offered")) == "speech-unseen"
    broken = answer("http", tls=tls("TLSv1.3", problem="it hung up"))
    assert outcome(Speaks(("http",), "1.2"), broken) == "speech-unseen"


@pytest.mark.parametrize(
    ("field", "pattern", "expected"),
    [
        ("san", "www.example.org", ""),
        ("san", "WWW.example.org", ""),
        ("san", "*.example.org", ""),
        ("san", "a.shop.example.org", ""),  # a wildcard name stands for it
        ("san", "a.b.shop.example.org", "weaker"),  # for one label only
        ("san", "shop.example.org", "weaker"),
        ("san", "*.example.com", "weaker"),
        ("subject", "*www*", ""),
        ("subject", "www.example.org", ""),  # its common name alone
        ("subject", "CN=www.example.org", ""),
        ("subject", "example.org", "weaker"),
        ("issuer", "Example CA", ""),
        ("issuer", "CN=Other CA", "weaker"),
        ("sha256", "AB" * 32, ""),
        ("sha256", ":".join(["ab"] * 32), ""),
        ("sha256", "cd" * 32, "weaker"),
    ],
)
def test_certificates(field, pattern, expected):
    assert outcome(Speaks(("https",), certificate=((field, pattern),)), HTTPS) == expected


@pytest.mark.parametrize(
    ("subject", "pattern", "fits"),
    [
        ("C=DE, O=Example, CN=www.example.org", "www.example.org", True),
        ("CN=www.example.org,O=Example", "www.example.org", True),
        ("O=Example\\, CN=www.example.org", "www.example.org", False),  # the name of an organization
        ("O=www.example.org", "www.example.org", False),
        ("", "www.example.org", False),
        ("CN=a\\, b", "a, b", True),
    ],
)
def test_a_subject_is_called_by_its_common_name(subject, pattern, fits):
    heard = answer("http", tls=tls("TLSv1.3", certificate=Certificate(subject, "CN=x", ())))
    assert outcome(Speaks(("https",), certificate=(("subject", pattern),)), heard) == ("" if fits else "weaker")


def test_all_that_is_said_of_a_certificate_must_hold():
    both = (("san", "www.example.org"), ("issuer", "CN=Other"))
    assert outcome(Speaks((), certificate=both), HTTPS) == "weaker"
    assert outcome(Speaks((), certificate=both[:1]), answer("http", tls=tls("TLSv1.3"))) == "speech-unseen"
    assert outcome(Speaks((), certificate=both[:1]), answer("http")) == "weaker"


@pytest.mark.parametrize(
    ("product", "spoken", "expected"),
    [
        ("nginx", HTTPS, ""),
        ("NGINX*", HTTPS, ""),
        ("Apache*", HTTPS, "speaks-else"),
        ("nginx", answer("http"), "speech-unseen"),
    ],
)
def test_products(product, spoken, expected):
    assert outcome(Speaks((), product=product), spoken) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (((">=", "1.22"),), ""),
        (((">=", "1.22.1"), ("<", "1.23")), ""),
        (((">", "1.22.1"),), "weaker"),
        ((("<=", "1.22.1"),), ""),
        ((("=", "1.22.1.0"),), ""),
        ((("=", "1.22"),), "weaker"),
        (((">=", "1.9"),), ""),  # numbers, not letters
    ],
)
def test_versions(wanted, expected):
    assert outcome(Speaks((), version=wanted), HTTPS) == expected


def test_a_version_that_is_not_told_is_not_known():
    assert outcome(Speaks((), version=((">=", "1"),)), answer("http")) == "speech-unseen"


def test_a_misfit_outranks_what_was_not_seen():
    wanted = Speaks(("https",), "1.2", product="nginx")
    assert outcome(wanted, answer("ssh")) == "speaks-else"
    assert outcome(wanted, answer("http", tls=tls("TLSv1"))) == "weaker"
    assert outcome(wanted, answer("http", tls=tls("TLSv1.3"))) == "speech-unseen"


ORDER = [
    "1.0alpha",
    "1.0beta2",
    "1.0rc1",
    "1.0",
    "1.0.1",
    "1.2",
    "1.10",
    "2",
    "9.2",
    "9.2p1",
    "9.2p2",
    "9.3",
    "10.11.6",
]


def test_versions_are_in_the_order_of_their_makers():
    for number, one in enumerate(ORDER):
        for place, other in enumerate(ORDER):
            assert compare(one, other) == (number > place) - (number < place), (one, other)


def test_the_same_version_written_otherwise():
    for one, other in (("1.0", "1"), ("v2.1", "2.1.0"), ("1.0-3", "1.0.3"), ("", "0")):
        assert compare(one, other) == 0


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_two_versions_can_be_compared(one, other, third):
    assert compare(one, other) == -compare(other, one)
    if compare(one, other) <= 0 and compare(other, third) <= 0:
        assert compare(one, third) <= 0


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_words_of_strangers_can_be_held_against_a_rule(name, product, version):
    wanted = Speaks(("https",), "1.2", (("san", "*"),), ((">=", "1"),), "nginx")
    spoken = replace(answer(name), identity=replace(answer(name).identity, product=product, version=version))
    assert outcome(wanted, spoken) in ("", "speaks-else", "weaker", "speech-unseen")
