"""svnserve is proved by the list that it greets with."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import svn

GREETING = b"( success ( 1 2 ( ANONYMOUS ) ( edit-pipeline svndiff1 ) ) ) "


def test_subversion_tells_protocol_and_capabilities():
    told = named("svn-svnserve")
    assert (told.product, told.info) == ("Subversion", "protocol 2")
    assert told.facts[0][1].startswith("edit-pipeline svndiff1")


def test_an_old_server_has_two_versions_and_mechanisms():
    told = ask(svn, GREETING)
    assert (told.info, told.facts) == ("protocol 1-2", (("capabilities", "edit-pipeline svndiff1"),))


def test_a_failure_is_guarded():
    assert ask(svn, b"( failure ( ( 210005 4:none 0: 0 ) ) ) ").guarded


def test_the_greeting_is_whole_when_its_parentheses_are():
    assert not svn._greeted(GREETING[:-4])
    assert svn._greeted(GREETING)
    assert svn._greeted(b"220 ready")


@pytest.mark.parametrize(
    "heard",
    [GREETING[:40], GREETING.replace(b"1 2", b"a b"), GREETING.replace(b"success", b"succes"), b"( success ( 2", b"()"],
)
def test_near_misses(heard):
    assert ask(svn, heard) is None
