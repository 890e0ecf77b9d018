"""SQL Server Browser: instances with their versions and ports, built from MC-SQLR 2.2.5."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import mssql_browser

ONE = b"ServerName;DB1;InstanceName;MSSQLSERVER;IsClustered;No;Version;15.0.2000.5;tcp;1433;;"
TWO = b"ServerName;DB1;InstanceName;SQLEXPRESS;IsClustered;No;Version;16.0.1000.6;;"


def response(words):
    return b"\5" + len(words).to_bytes(2, "little") + words


def test_one_byte_asks():
    assert sent(mssql_browser.talk(peer("udp"))) == b"\3"


def test_one_instance():
    named = hears(mssql_browser, "udp", response(ONE))
    assert (named.name, named.version, named.hostname) == ("ms-sql-m", "15.0.2000.5", "DB1")
    assert named.info == "MSSQLSERVER 15.0.2000.5 on tcp 1433"


def test_two_instances():
    named = hears(mssql_browser, "udp", response(ONE + TWO))
    assert named.info == "MSSQLSERVER 15.0.2000.5 on tcp 1433, SQLEXPRESS 16.0.1000.6"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\3",
        response(ONE)[:-1],
        response(ONE) + b";",
        changed(response(ONE), 0),
        changed(response(ONE), 3),
        response(b"ServerName;DB1;;"),
        response(b"ServerName;"),
    ],
)
def test_what_is_no_response(reply):
    assert hears(mssql_browser, "udp", reply) is None


@given(damaged(response(ONE + TWO)))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mssql_browser, "udp", *replies))
