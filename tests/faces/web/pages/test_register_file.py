"""The register's files are those that hb register writes, as downloads."""

from __future__ import annotations

import json

import pytest
from tests.app.hub.site_kit import Served
from tests.faces import judged
from tests.faces.kit import LOOK, NOW
from tests.faces.web import kit
from tests.faces.web.pages.test_register import RULES

from hb_engine import __version__
from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.export import register as formats
from hb_engine.faces.web.decisions.registered import FORMATS, registered


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Served(tmp_path, monkeypatch)
    made.begin(RULES)
    made.look()
    return made


@pytest.mark.parametrize("path", FORMATS)
def test_a_download_of_each_kind(desk, path):
    with desk.client(kit.READER) as browser:
        answer = browser.get(path)
    name, media = FORMATS[path]
    made = registered(desk.site.hub, desk.site.hub.sight)
    assert answer.status_code == 200
    assert made is not None
    assert answer.text == formats.load(name).write(made, __version__)
    assert answer.headers["content-type"] == media + "; charset=utf-8" * media.startswith("text/")
    assert "register-20" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")


def test_json_is_json(desk):
    with desk.client(kit.READER) as browser:
        assert json.loads(browser.get("/register.json").content)["schema"] == "hb/1"


def test_in_another_language_the_file_is_the_same(desk):
    with desk.client(kit.READER) as browser:
        assert browser.get("/de/register.csv").content == browser.get("/register.csv").content


def test_without_rules_there_is_none(desk):
    desk.site.hub.show(Sight(desk.site.hub.sight.number + 1, NOW, (Machine("web-17", LOOK, judged.QUIET),)))
    with desk.client(kit.READER) as browser:
        answer = browser.get("/register.csv")
    assert answer.status_code == 404
    assert "hb learn" in answer.text
