"""One rule: its text, what it covers, what is said that names it."""

from __future__ import annotations

import pytest
from tests.app.flow import FIRST
from tests.app.hub.site_kit import Served
from tests.baseline.seen import WEB
from tests.faces.web import kit

RULES = (
    FIRST
    + '\n# the <shop>\n[[allow]]\nid = "shop"\nlisten = "tcp/443"\nby = "unit:nginx.service"\nwhy = "the shop"\nowner = "web"\n\n[[allow]]\nid = "cache"\nlisten = "tcp/22 on loopback"\nby = "unit:ssh.service"\nwhy = "x"\nowner = "y"\n'  # noqa: E501
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin(RULES)
    made.look()
    return made


def shown(desk, name):
    with desk.client(kit.READER) as browser:
        return browser.get(f"/baseline/rules/{name}")


def test_the_text_as_it_is_written_and_what_it_covers(desk):
    answer = shown(desk, "shop")
    assert answer.status_code == 200
    for told in ("# the &lt;shop&gt;", "It covers one opening now", WEB.key, "/machines/web-17", "hb.d/hb.toml:11"):
        assert told in answer.text


def test_what_is_said_that_names_it(desk):
    answer = shown(desk, "cache")
    assert "What is said that names it" in answer.text
    assert "reaches further" in answer.text
    assert "nothing that was seen there fits it" in answer.text


def test_a_text_that_cannot_be_had_is_told_and_the_rest_is_shown(desk):
    desk.write("hb.toml", FIRST)
    answer = shown(desk, "shop")
    assert answer.status_code == 200
    assert "the rules hold no &#39;shop&#39; any more" in answer.text


@pytest.mark.parametrize("name", ["nobody", "%3Cscript%3E", "~0123456789abcdef", "x" * 3000])
def test_a_rule_that_there_is_not(desk, name):
    assert shown(desk, name).status_code in (400, 404, 414)
