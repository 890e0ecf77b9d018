"""News servers are told by the list of capabilities, or by the date; Varnish, which greets alike, is none."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import nntp

GREETING = b"200 news.example ready\r\n"
LIST = b"101 here\r\nVERSION 2\r\nIMPLEMENTATION Cyrus NNTP v3.6.1\r\n.\r\n"


def test_inn_is_named_and_begins_tls():
    told = named("nntp-inn")
    assert (told.version, told.hostname, told.starttls) == ("2.7.1", "news.example", "offered")
    assert told.tls.version == "TLSv1.3"
    assert told.cpe == ("cpe:/a:isc:inn:2.7.1",)


def test_leafnode_knows_no_capabilities_but_the_date():
    told = named("nntp-leafnode")
    assert (told.product, told.version, told.starttls) == ("Leafnode nntpd", "1.12.0", "absent")


def test_a_server_that_is_not_there_says_so():
    told = named("nntp-inn-guarded")
    assert (told.name, told.guarded, told.proof) == ("nntp", True, "banner")


def test_the_implementation_names_who_does_not_greet_with_a_name():
    told = ask(nntp, GREETING, LIST)
    assert (told.product, told.version) == ("Cyrus nntpd", "3.6.1")


@pytest.mark.parametrize(
    "replies",
    [
        [GREETING],
        [GREETING, b"500 what?\r\n", b"500 what?\r\n"],
        [GREETING, b"500 what?\r\n", b"111 yesterday\r\n"],
        [b"200 225     \n-----------------------------\nVarnish Cache CLI 1.0\n", LIST],
        [GREETING, b"101 44      \nUnknown request.\nType 'help' for more info.\n\n"],
        [b"220 mail.example ESMTP\r\n", LIST],
        [b"200OK\r\n", LIST],
        [b"HTTP/1.1 200 OK\r\n\r\n", LIST],
        [b"502 go away\r\n"],
        [b"201 \r\n"],
    ],
)
def test_near_misses(replies):
    assert ask(nntp, *replies) is None
