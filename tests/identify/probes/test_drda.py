"""DRDA: Derby as captured; Db2 and Informix built from the architecture (EXCSATRD)."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import drda

DERBY = captured("drda-derby")[0]
NUMBER = b"01"  # of our nonce


def item(code, data):
    return (4 + len(data)).to_bytes(2, "big") + code + data


def answer(name, level, server="DB1", number=NUMBER, code=drda.EXCSATRD):
    told = item(b"\x11\x47", name.encode("cp500")) + item(b"\x11\x5a", level.encode("cp500"))
    told += item(b"\x11\x6d", server.encode("cp500"))
    command = item(code, told)
    return (6 + len(command)).to_bytes(2, "big") + b"\xd0\x02" + number + command


def test_the_question_is_as_long_as_it_says_at_both_levels():
    question = sent(drda.talk(peer()))
    assert len(question) == int.from_bytes(question[:2], "big") == 6 + int.from_bytes(question[6:8], "big")
    assert question[8:10] == b"\x10\x41"
    assert question[4:6] == NUMBER


@pytest.mark.parametrize(
    ("name", "level", "product", "version"),
    [
        ("QDB2/LINUXX8664", "SQL11055", "IBM DB2 Database Server", "11.5.5"),
        ("QDB2/NT64", "SQL09077", "IBM DB2 Database Server", "9.7.7"),
        ("IDS/UNIX64", "IFX14100", "IBM Informix Dynamic Server", ""),
        ("Apache Derby", "CSS10140/10.14.2.0 - (1828579)", "Apache Derby", "10.14.2.0"),
        ("Somebody", "1", "", ""),
    ],
)
def test_products(name, level, product, version):
    named = hears(drda, "tcp", answer(name, level))
    assert (named.name, named.product, named.version) == ("drda", product, version)
    assert (named.hostname, named.proof) == ("DB1", "nonce")


def test_derby_counts_on_its_own():
    named = hears(drda, "tcp", DERBY)
    assert (named.product, named.proof) == ("Apache Derby", "structure")
    assert named.cpe == ("cpe:/a:apache:derby:10.14.2.0",)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        DERBY[:7],
        changed(DERBY, 2),
        changed(DERBY, 3),
        changed(DERBY, 9),
        answer("x", "y", code=b"\x12\x4c"),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_what_is_no_answer(reply):
    assert hears(drda, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(drda, "tcp", sent(drda.talk(peer()))) is None


def test_a_level_that_is_cut_short_names_no_version():
    assert drda._kind("QDB2/LINUXX8664", "SQL1105") == ("", "", "")
    assert drda._kind("QDB2/LINUXX8664", "SQL11055")[1] == "11.5.5"


@given(damaged(DERBY, answer("QDB2/LINUXX8664", "SQL11055")))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(drda, "tcp", *replies))
