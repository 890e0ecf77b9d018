"""The sentence of an opinion: where it comes from, what it says, and that it is no more than that."""

from __future__ import annotations

import pytest

from hb_engine.identify.opinions.opinion import NMAP, RECOG, Asked, Opinion, sentence

SSH = Opinion(NMAP, "ssh", "OpenSSH", "9.2p1", where="line 123")


def test_where_hb_has_the_same_name_only_the_product_is_said():
    assert sentence(SSH, "ssh") == "second opinion (nmap-service-probes line 123): OpenSSH 9.2p1"


@pytest.mark.parametrize("name", ["", "ftp"])
def test_where_hb_has_no_name_or_another_one_the_service_is_said_too(name):
    assert sentence(SSH, name) == "second opinion (nmap-service-probes line 123): ssh, OpenSSH 9.2p1"


def test_a_service_alone_is_said_even_where_it_is_hbs_own_name():
    assert sentence(Opinion(NMAP, "ssh", where="line 1"), "ssh") == "second opinion (nmap-service-probes line 1): ssh"


def test_a_soft_opinion_says_how_soft_it_is():
    told = sentence(Opinion(NMAP, "ftp", where="line 4", soft=True))
    assert told == "second opinion (nmap-service-probes line 4): something like ftp"


def test_all_that_an_opinion_may_tell():
    full = Opinion(
        RECOG, "ssh", "OpenSSH", "9.2", "Debian", "Linux", "router", "gate", ("cpe:/a:b:c",), "a.xml:3, Words"
    )
    assert sentence(full, "ssh") == (
        "second opinion (recog a.xml:3, Words): OpenSSH 9.2 (Debian), on Linux, a router, called gate"
    )


def test_an_opinion_without_a_word_says_so():
    assert sentence(Opinion(RECOG, where="a.xml:3")) == "second opinion (recog a.xml:3): no name"


def test_nothing_asked_is_nothing_told():
    assert Asked() == Asked((), ())
