"""DICT is proved by the end of its greeting."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import dict as dict_probe


def test_dictd_tells_version_system_and_machine():
    told = named("dict-dictd")
    assert (told.product, told.version, told.hostname) == ("dictd", "1.13.0", "mail.example")
    assert (told.system, told.info) == ("Linux 6.1.0-44-amd64", "capabilities auth.mime")


def test_another_server_by_its_structure():
    told = ask(dict_probe, b"220 words.example ready <mime> <42.1@words.example>\r\n")
    assert (told.name, told.product, told.info) == ("dict", "", "capabilities mime")


def test_a_refusal_that_says_dict():
    assert ask(dict_probe, b"420 dict server temporarily unavailable\r\n").guarded
    assert ask(dict_probe, b"421 closing\r\n") is None


@pytest.mark.parametrize(
    "line",
    [
        b"220 mail.example ESMTP <1.2@mail.example>\r\n",
        b"220 words.example ready <mime> <42.1>\r\n",
        b"220 words.example ready\r\n",
        b"200 words.example ready <mime> <42.1@words.example>\r\n",
        b"220 <a@b>\r\n",
        b"+OK ready <1.2@mail.example>\r\n",
    ],
)
def test_near_misses(line):
    assert ask(dict_probe, line) is None
