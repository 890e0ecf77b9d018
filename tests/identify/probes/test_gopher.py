"""Gopher is proved by a menu, every line of it."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import gopher

MENU = b"iWelcome\tfake\t(NULL)\t0\r\n1About us\t/about\tgopher.example\t70\r\n.\r\n"


def test_gophernicus_signs_its_menus():
    told = named("gopher-gophernicus")
    assert (told.product, told.version) == ("Gophernicus", "3.1.1")


def test_a_menu_names_its_host():
    told = ask(gopher, MENU)
    assert (told.hostname, told.info, told.evidence) == ("gopher.example", "Welcome", "a menu of 2 items")


def test_a_menu_that_is_cut_is_believed_as_far_as_it_goes():
    assert ask(gopher, Reply.of(MENU[:-20], "closed")).evidence == "a menu of 2 items"
    assert ask(gopher, Reply.of(MENU[:40], "closed")).evidence == "a menu of 2 items"


def test_hint():
    assert gopher.hint(b"3Not found\t\terror.host\t1\r\n.\r\n")
    assert not gopher.hint(b"301 Moved\r\n")


@pytest.mark.parametrize(
    "reply",
    [
        MENU.replace(b"\t", b" "),
        MENU.replace(b"\t70", b"\tseventy"),
        b"xWelcome\tfake\t(NULL)\t0\r\n.\r\n",
        b".\r\n",
        b"a\tb\tc\td\te\tf\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"",
    ],
)
def test_near_misses(reply):
    assert ask(gopher, reply) is None
