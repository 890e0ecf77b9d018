"""ManageSieve is proved by the list that it greets with."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import sieve

LIST = (
    b'"IMPLEMENTATION" "Example 1"\r\n"SIEVE" "fileinto"\r\n"SASL" ""\r\n"STARTTLS"\r\n"VERSION" "1.0"\r\nOK "hi"\r\n'
)


def test_dovecot_is_named():
    told = named("sieve-dovecot")
    assert (told.product, told.starttls, told.tls.version) == ("Dovecot Pigeonhole sieved", "offered", "TLSv1.3")
    assert told.facts == (("authentication", "PLAIN LOGIN"),)


def test_no_mechanism_before_tls_means_that_it_is_required():
    told = ask(sieve, LIST, b"OK begin\r\n", None)
    assert (told.product, told.starttls, told.tls) == ("Example 1", "required", None)


def test_cyrus_is_named_with_its_version():
    greeting = LIST.replace(b"Example 1", b"Cyrus timsieved v3.6.1-Debian-3.6.1-4")
    assert ask(sieve, greeting).version == "3.6.1-Debian-3.6.1-4"


def test_a_server_without_starttls():
    assert ask(sieve, LIST.replace(b'"STARTTLS"\r\n', b"")).starttls == "absent"


@pytest.mark.parametrize(
    "greeting",
    [
        b'"IMPLEMENTATION" "Dovecot"\r\n',
        b'"SIEVE" "fileinto"\r\nOK\r\n',
        b'OK "Dovecot ready."\r\n',
        b'IMPLEMENTATION "Dovecot"\r\nOK\r\n',
        b"+OK Dovecot ready.\r\n",
        b"* OK Dovecot ready.\r\n",
        b'"quote of the day" by somebody\r\nOK then\r\n',
    ],
)
def test_near_misses(greeting):
    assert ask(sieve, greeting) is None
