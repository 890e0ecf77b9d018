"""Hadoop's IPC: the words for HTTP, built from its source."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded

from hb_engine.identify.probes import hadoop_ipc

ANSWER = (
    b"HTTP/1.1 404 Not Found\r\nContent-type: text/plain\r\n\r\nIt looks like you are making an HTTP request to a "
    b"Hadoop IPC port. This is not the correct port for the web interface on this daemon.\r\n"
)


def test_the_words():
    named = hears(hadoop_ipc, "tcp", ANSWER)
    assert (named.name, named.product, named.proof) == ("hadoop-ipc", "Apache Hadoop", "banner")
    assert hadoop_ipc.hint(ANSWER)


@pytest.mark.parametrize(
    "reply", [b"", ANSWER[10:], ANSWER.replace(b"Hadoop", b"hadoop"), b"HTTP/1.1 404 Not Found\r\n\r\n"]
)
def test_other_words(reply):
    assert hears(hadoop_ipc, "tcp", reply) is None


def test_a_page_that_quotes_them_is_no_hadoop():
    assert not hadoop_ipc.hint(b"HTTP/1.1 200 OK\r\n\r\n" + ANSWER)


@given(damaged(ANSWER))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(hadoop_ipc, "tcp", *replies))
