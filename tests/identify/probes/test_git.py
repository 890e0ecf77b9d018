"""git is proved by a packet line that refuses the repository of our nonce."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import git

HEAD = b"0" * 40 + b" capabilities^{}\0"


def packet(content):
    return b"%04x" % (len(content) + 4) + content


def test_the_daemon_refuses_the_name_of_ours():
    told = named("git-daemon")
    assert (told.proof, told.info) == ("nonce", "access denied or repository not exported")


def test_a_refusal_in_other_words():
    assert ask(git, packet(b"ERR no such repository\n")).proof == "structure"


def test_a_repository_that_is_there_after_all_tells_its_agent():
    told = ask(git, packet(HEAD + b"multi_ack agent=git/2.39.5 side-band\n"))
    assert (told.product, told.version) == ("git daemon", "2.39.5")
    assert ask(git, packet(HEAD + b"agent=JGit/6.1\n")).info == "JGit/6.1"


@pytest.mark.parametrize(
    "reply",
    [
        packet(b"ERR no")[:-1],
        packet(b"OK"),
        packet(b"g" * 40 + b" HEAD\0agent=git/2\n"),
        packet(b"0" * 39 + b" HEAD\0agent=git/2\n"),
        b"0000",
        b"00zzERR x",
        b"HTTP/1.1 400 Bad Request\r\n",
        first_words(git),
    ],
)
def test_near_misses(reply):
    assert ask(git, reply) is None
