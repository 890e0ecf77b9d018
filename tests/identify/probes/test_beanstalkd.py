"""beanstalkd: its figures, and answers of others that begin with OK."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import beanstalkd

STATS = captured("beanstalkd-open")[0]


def stats(body):
    return b"OK %d\r\n%s\r\n" % (len(body), body)


def test_the_version_in_the_figures():
    named = hears(beanstalkd, "tcp", STATS)
    assert (named.name, named.version, named.hostname) == ("beanstalkd", "1.12", "baseline")
    assert sent(beanstalkd.talk(peer())) == b"stats\r\n"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"OK 1.1.20\r\n",
        b"OK\r\n",
        STATS[:-1],
        STATS + b"\r\n",
        changed(STATS, 0),
        stats(b"---\nversion: 1\n"),
        stats(b"---\ncurrent-jobs-ready: 0\n"),
        stats(b"version: 1\ncurrent-jobs-ready: 0\n"),
        b"OK 99999999999\r\n---\n",
    ],
)
def test_what_is_no_dictionary_of_beanstalkd(reply):
    assert hears(beanstalkd, "tcp", reply) is None


def test_an_answer_is_whole_when_all_of_it_is_there():
    assert not beanstalkd._whole(STATS[:-1])
    assert beanstalkd._whole(STATS)
    assert beanstalkd._whole(b"ERR\r\n")


def test_what_an_http_request_gets():
    assert beanstalkd.hint(b"UNKNOWN_COMMAND\r\nUNKNOWN_COMMAND\r\n")
    assert not beanstalkd.hint(b"UNKNOWN COMMAND\n")  # clamd


@given(damaged(STATS))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(beanstalkd, "tcp", *replies))
