"""What hb serve --json says: where the pages are, and links."""

from __future__ import annotations

import json

import pytest

from hb_engine.faces.export import serving_json
from hb_engine.faces.web.serving import Link, Started

LINKS = (
    Link("read", "http://127.0.0.1:1703/enter/aaa", 900),
    Link("write", "http://127.0.0.1:1703/enter/bbb", 900),
)
STARTED = Started(("http://127.0.0.1:1703/", "http://[::1]:1703/"), "nobody", "", ("root", "alice"))


def test_where_the_pages_are_and_for_whom():
    told = json.loads(serving_json.started(STARTED, LINKS, 4711))
    assert (told["schema"], told["kind"], told["pid"]) == ("hb/1", "serve", 4711)
    assert told["url"] == told["urls"][0] == STARTED.urls[0]
    assert (told["user"], told["users"], told["users_told_apart"]) == ("nobody", ["root", "alice"], True)
    assert [link["right"] for link in told["links"]] == ["read", "write"]
    assert told["links"][0] == {"right": "read", "url": LINKS[0].url, "seconds": 900}


def test_what_is_not_known_is_null():
    told = json.loads(serving_json.started(Started(STARTED.urls[:1], "", "no /proc here", ()), LINKS[:1], 1))
    assert (told["user"], told["users"], told["users_told_apart"]) == (None, None, False)


@pytest.mark.parametrize("name", ["\u202eroot", "a\x1b[2Jb", "\udcff"])
def test_names_of_users_are_anybodys(name):
    line = serving_json.started(Started(STARTED.urls, name, "", (name,)), LINKS, 1)
    assert line.isascii()
    assert line.count("\n") == 1
    assert json.loads(line)["users"]


def test_fresh_links_are_a_line_of_their_own():
    line = serving_json.fresh(LINKS)
    assert line.endswith("\n")
    assert json.loads(line) == {
        "schema": "hb/1",
        "kind": "serve-links",
        "links": [{"right": link.right, "url": link.url, "seconds": link.lasts} for link in LINKS],
    }
