"""DNS: what proves it, and what of the answer is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import domain

BIND = captured("domain-bind")[0]
HEADER = NONCE[:2] + b"\x80%c" + bytes(8)


def text_answer(said):
    return HEADER[:2] + b"\x84\0\0\1\0\1" + bytes(4) + domain.QUESTION + text_record(said)


def text_record(said):
    return b"\xc0\x0c\0\x10\0\3" + bytes(4) + (len(said) + 1).to_bytes(2, "big") + bytes([len(said)]) + said


def test_one_question_and_the_same_with_its_length_on_tcp():
    query = sent(domain.talk(peer("udp")))
    assert query == NONCE[:2] + b"\0\0\0\1\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\3"
    assert sent(domain.talk(peer("tcp"))) == b"\0\x1e" + query


@pytest.mark.parametrize(
    ("said", "product", "version", "cpe"),
    [
        (b"9.18.49-1~deb12u3-Debian", "ISC BIND", "9.18.49-1~deb12u3", "cpe:/a:isc:bind:9.18.49"),
        (
            b"9.11.4-P2-RedHat-9.11.4-26.P2.el7",
            "ISC BIND",
            "9.11.4-P2-RedHat-9.11.4-26.P2.el7",
            "cpe:/a:isc:bind:9.11.4",
        ),
        (b"dnsmasq-2.90", "dnsmasq", "2.90", "cpe:/a:thekelleys:dnsmasq:2.90"),
        (b"unbound 1.17.1", "Unbound", "1.17.1", "cpe:/a:nlnetlabs:unbound:1.17.1"),
        (b"PowerDNS Recursor 4.8.8 (built x)", "PowerDNS Recursor", "4.8.8", "cpe:/a:powerdns:recursor:4.8.8"),
        (b"CoreDNS-1.11.1", "CoreDNS", "1.11.1", ""),
    ],
)
def test_programs_by_their_text(said, product, version, cpe):
    named = hears(domain, "udp", text_answer(said))
    assert (named.product, named.version) == (product, version)
    assert named.cpe == ((cpe,) if cpe else ())


@pytest.mark.parametrize("said", [b"go away", b"9. none of your business", b"unbound", b"contact admin@example.org"])
def test_a_text_of_somebodys_own_names_no_product(said):
    named = hears(domain, "udp", text_answer(said))
    assert (named.name, named.product, named.version) == ("domain", "", "")
    assert named.info == said.decode()


@pytest.mark.parametrize(
    ("code", "info"), [(5, "REFUSED"), (4, "NOTIMP"), (1, "FORMERR"), (2, "SERVFAIL"), (11, "RCODE 11")]
)
def test_a_refusal_proves_dns_as_well(code, info):
    bare = hears(domain, "udp", HEADER % code)
    whole = hears(domain, "udp", NONCE[:2] + bytes([0x80, code]) + b"\0\1" + bytes(6) + domain.QUESTION)
    assert bare.info == whole.info == info
    assert bare.proof == "nonce"
    assert whole.guarded == (code == 5)


def test_the_packager_is_no_part_of_the_version():
    assert hears(domain, "udp", BIND).system == "Debian"


@pytest.mark.parametrize(
    "reply",
    [
        changed(BIND, 0),  # another ID
        changed(BIND, 1),
        BIND[:2] + b"\x04" + BIND[3:],  # a question, not an answer: an echo of ours looks like this
        BIND[:2] + b"\xa8" + BIND[3:],  # an update's response
        changed(BIND, 14),  # another question
        HEADER % 0,  # success without the question
        HEADER % 5 + b"\0",  # more than a header
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        NONCE[:2],
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(domain, "udp", reply) is None


def test_an_echo_of_the_question_is_no_answer():
    assert hears(domain, "udp", sent(domain.talk(peer("udp")))) is None


def test_the_length_on_tcp_must_fit():
    framed = len(BIND).to_bytes(2, "big") + BIND
    assert hears(domain, "tcp", framed).product == "ISC BIND"
    assert hears(domain, "tcp", framed + b"\0") is None
    assert hears(domain, "tcp", framed[:-1]) is None
    assert hears(domain, "tcp", BIND) is None


def test_a_name_that_points_at_itself_ends():
    loop = NONCE[:2] + b"\x84\0\0\1\0\1" + bytes(4) + domain.QUESTION + b"\xc0\x1e" + text_record(b"x")[2:]
    assert hears(domain, "udp", loop).name == "domain"
    assert domain.records(b"\0" * 4 + b"\xff" * 60) == []


def test_pointers_into_the_question_are_followed():
    kind, name, data = domain.records(BIND)[0]
    assert (kind, name) == (domain.TXT, b"version.bind")
    assert data[1:].startswith(b"9.18")


@given(damaged(BIND, HEADER % 5))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(domain, "udp", *replies))


@given(damaged(len(BIND).to_bytes(2, "big") + BIND))
def test_no_replies_break_it_on_tcp(replies):
    assert is_bounded(hears(domain, "tcp", *replies))
