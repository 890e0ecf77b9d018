"""Changes: as the history tells them, the latest first, and never "nothing" where nobody looked."""

from __future__ import annotations

import json

from tests.faces.kit import NOW
from tests.faces.web.api import asking

from hb_engine.app.hub.questions.changes import Changes
from hb_engine.faces.export.history_json import changed
from hb_engine.model.errors import DataError, Unreachable
from hb_engine.wire.json_text import quote_whole

PATH = "/machines/web-17/changes"


def asked(answer=asking.changes, **words):
    with asking.client(asking.site(answer=answer)) as browser:
        return browser.get(f"/api/v1{PATH}", params=words)


def test_changes_are_those_of_the_contract():
    with asking.client() as browser:
        found, parts = asking.every(browser, PATH, limit=1)
    assert parts == 2
    assert found == [json.loads(changed(one, quote_whole)) for one in asking.PAST]


def test_filters():
    assert asked(change="widened").json()["total"] == 1
    assert asked(change="closed").json()["total"] == 0
    assert asked(days=1).json()["total"] == 2
    assert asked(days=0).status_code == 400


def test_it_has_no_tag_since_history_grows_by_itself():
    assert "etag" not in asked().headers


def test_where_nobody_looked_nothing_is_told():
    said = asked(lambda **_: Changes(0.0, ()))
    assert said.status_code == 503
    assert "hb record" in said.json()["remedy"]


def test_what_is_left_out_is_told():
    told = asked(lambda **_: Changes(0.0, (), 7, NOW - 60, NOW)).json()
    assert "7 older changes" in str(told["troubles"])
    assert "it begins at" in str(told["troubles"])


def test_trouble_of_the_history():
    def broken(**_):
        raise DataError("the history is damaged", "hb record --repair")

    def gone(**_):
        raise Unreachable("the desk does not answer", "start hb serve again")

    assert (asked(broken).status_code, asked(broken).json()["remedy"]) == (503, "hb record --repair")
    assert asked(gone).status_code == 502
