"""Kafka: ApiVersions v0, built from the protocol guide."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import kafka
from hb_engine.identify.transcript import NONCE


def response(newest, number=NONCE[:4], error=0):
    body = number + error.to_bytes(2, "big") + len(newest).to_bytes(4, "big")
    body += b"".join(key.to_bytes(2, "big") + b"\0\0" + last.to_bytes(2, "big") for key, last in newest.items())
    return len(body).to_bytes(4, "big") + body


NEW = {0: 11, 1: 17, 2: 9, 3: 12, 18: 4}
OLD = {0: 2, 1: 3, 2: 1, 3: 2, 18: 0}


@pytest.mark.parametrize(
    ("newest", "release"),
    [
        (NEW, "3.9"),
        (OLD, "0.10.1"),
        (NEW | {1: 16}, "3.8"),
        (NEW | {0: 10, 1: 15}, "3.5"),
        (NEW | {2: 11}, "4.2"),
        ({3: 1, 18: 0}, "0.10.0"),
    ],
)
def test_the_release_whose_requests_are_understood(newest, release):
    named = hears(kafka, "tcp", response(newest))
    assert (named.name, named.info, named.proof) == ("kafka", f"understands requests of {release}", "nonce")
    assert named.version == ""


def test_the_question_is_as_long_as_it_says():
    question = sent(kafka.talk(peer()))
    assert len(question) == 4 + int.from_bytes(question[:4], "big")
    assert question[4:8] == b"\0\x12\0\0"
    assert question[8:12] == NONCE[:4]


def test_the_releases_are_in_order():
    numbers = [tuple(map(int, release.split("."))) for release, _, _ in kafka.SINCE]
    assert numbers == sorted(numbers, reverse=True)


def test_a_broker_that_does_not_read_version_0_lists_what_it_reads():
    assert hears(kafka, "tcp", response(NEW, error=35)).name == "kafka"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        response(NEW)[:-1],
        response(NEW) + b"\0",
        response(NEW, number=b"hbhb"),
        response(NEW, error=1),
        response({0: 1, 1: 1}),
        response({}),
        changed(response(NEW), 13),
        sent(kafka.talk(peer())),
    ],
)
def test_what_is_no_answer(reply):
    assert hears(kafka, "tcp", reply) is None


@given(damaged(response(NEW), response(OLD)))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(kafka, "tcp", *replies))
