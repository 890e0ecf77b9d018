"""Modbus: identification or an exception, for our transaction."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import modbus

PYMODBUS = captured("modbus-pymodbus")[0]
EXCEPTION = NONCE[:2] + b"\0\0\0\3\1\xab\1"


def test_one_request_that_only_reads():
    assert sent(modbus.talk(peer())) == NONCE[:2] + b"\0\0\0\5\1\x2b\x0e\1\0"
    assert modbus.PROBE.care == "asked"
    assert not modbus.PROBE.anywhere


def test_a_device_that_names_itself():
    named = hears(modbus, "tcp", PYMODBUS)
    assert (named.product, named.version, named.proof) == ("Pymodbus PM", "3.16.1", "nonce")


def test_an_exception_proves_it_as_well():
    assert hears(modbus, "tcp", EXCEPTION).info == "exception 1"


@pytest.mark.parametrize("at", [0, 1, 2, 3, 5, 6, 7, 8, 9])
def test_one_byte_away(at):
    assert hears(modbus, "tcp", changed(PYMODBUS, at)) is None


@pytest.mark.parametrize(
    "reply",
    [
        EXCEPTION[:-1],
        EXCEPTION + b"\0",
        NONCE[:2] + b"\0\0\0\3\1\x83\2",  # an exception to another function
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(modbus, "tcp", reply) is None


def test_an_echo_is_no_device():
    assert hears(modbus, "tcp", sent(modbus.talk(peer()))) is None


def test_objects_that_end_early():
    assert modbus._objects(bytes(14) + b"\0\x20ab") == {0: "ab"}


@given(damaged(PYMODBUS, EXCEPTION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(modbus, "tcp", *replies))
