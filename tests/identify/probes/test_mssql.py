"""SQL Server: versions and encryption of PRELOGIN responses, built from MS-TDS 2.2.6.5."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import mssql


def response(version=b"\x0f\0\x07\xd0\0\0", encryption=b"\0"):
    """VERSION, ENCRYPTION, THREADID, as servers answer."""
    head = 3 * 5 + 1
    options = b"\0" + head.to_bytes(2, "big") + len(version).to_bytes(2, "big")
    options += b"\1" + (head + len(version)).to_bytes(2, "big") + len(encryption).to_bytes(2, "big")
    options += b"\3" + (head + len(version) + len(encryption)).to_bytes(2, "big") + b"\0\0\xff"
    body = options + version + encryption
    return b"\4\1" + (8 + len(body)).to_bytes(2, "big") + b"\0\0\1\0" + body


def test_the_question_is_of_the_length_it_says():
    question = sent(mssql.talk(peer()))
    assert question[:2] == b"\x12\1"
    assert len(question) == int.from_bytes(question[2:4], "big")
    assert question.hex() == (
        "1201002f0000000000001a00060100200001020021000103002200040400260001ff10000000000000000000000000"
    )


@pytest.mark.parametrize(
    ("version", "product", "number", "cpe"),
    [
        ("0f0007d00000", "Microsoft SQL Server 2019", "15.00.2000", "cpe:/a:microsoft:sql_server:2019"),
        ("100003e80006", "Microsoft SQL Server 2022", "16.00.1000", "cpe:/a:microsoft:sql_server:2022"),
        ("0a3206400000", "Microsoft SQL Server 2008 R2", "10.50.1600", "cpe:/a:microsoft:sql_server:2008_r2"),
        ("1e0000010000", "Microsoft SQL Server", "30.00.0001", "cpe:/a:microsoft:sql_server"),
    ],
)
def test_versions(version, product, number, cpe):
    named = hears(mssql, "tcp", response(bytes.fromhex(version)))
    assert (named.name, named.product, named.version, named.cpe) == ("ms-sql-s", product, number, (cpe,))


@pytest.mark.parametrize(
    ("byte", "starttls"), [(0, "offered"), (1, "offered"), (2, "absent"), (3, "required"), (9, "")]
)
def test_encryption(byte, starttls):
    assert hears(mssql, "tcp", response(encryption=bytes([byte]))).starttls == starttls


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        response()[:-1],
        response() + b"\0",
        changed(response(), 0),
        changed(response(), 1),
        changed(response(), 3),
        response(b"\x03\0\0\0\0\0"),
        response(b"\x0f\0\x07\xd0"),
        changed(response(), 9, 200),  # an offset outside
        b"\4\1\0\x08\0\0\1\0",
    ],
)
def test_what_is_no_prelogin_response(reply):
    assert hears(mssql, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(mssql, "tcp", sent(mssql.talk(peer()))) is None


@given(damaged(response()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mssql, "tcp", *replies))
