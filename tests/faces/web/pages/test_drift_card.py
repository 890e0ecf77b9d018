"""One card: evidence, causes, the nearest rule, and a form that offers what may be decided."""

from __future__ import annotations

import functools

import pytest
from tests.faces import judged
from tests.faces.kit import BACKDOOR, HOST, LOOK, NOW, POSTGRES, REDIS
from tests.faces.web import kit
from tests.faces.web.pages import forms

from hb_engine.app.hub.deciding import fingerprint
from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web.addresses import short
from hb_engine.model.record import replace

ID = short(BACKDOOR.key)


@functools.cache
def site():
    return kit.site()


def shown(path=f"/drift/{ID}", sight=kit.SIGHT, session=kit.READER):
    site().hub.show(sight)
    with kit.client(site(), session) as browser:
        return browser.get(path)


def test_it_tells_all_there_is():
    answer = shown()
    assert answer.status_code == 200
    for told in ("tcp 1703", "kworker/u8:1", "/proc/4117/exe -&gt; /dev/shm/.x (deleted)",
                 "login of alice from 192.0.2.7",
                 'href="/ports/1703"', f'href="/machines/web-17/openings/{ID}"', "hb why 1703",
                 BACKDOOR.key):  # fmt: skip
        assert told in answer.text


def test_the_nearest_rule_stands_with_its_place_and_owner():
    answer = shown(f"/drift/{short(REDIS.key)}")
    for told in ("hb.d/web.toml:31:10", 'href="/baseline/rules/cache"', "Sessions of the shop", "owner: team-web"):
        assert told in answer.text


def test_the_form_carries_what_was_shown_and_nothing_is_ticked():
    answer = shown()
    found = forms.fields(answer, f"/drift/{ID}")
    assert found["seen"] == fingerprint(BACKDOOR)
    assert found["csrf"] == "reader-token"
    assert "decision" not in found
    assert not any(name.startswith("accept-") for name in found)


def test_lasting_findings_have_a_box_each_and_others_none():
    answer = shown()
    assert 'name="accept-deleted-executable"' in answer.text
    assert 'name="accept-disguised-name"' in answer.text
    assert 'name="accept-unpackaged-in-writable-path"' not in answer.text
    assert 'name="accept-' not in shown(f"/drift/{short(POSTGRES.key)}").text


def test_a_card_that_there_is_not_any_more_says_why():
    answer = shown("/drift/0123456789abcdef")
    assert answer.status_code == 404
    assert "It has been decided, or is not open any more" in answer.text


@pytest.mark.parametrize("path", ["/drift/..%2f", "/drift/%00", "/drift/" + "x" * 5000, "/drift/%F0%9F%94%A5"])
def test_strange_addresses_are_not_there(path):
    assert shown(path).status_code in (400, 404)


def test_a_card_of_many_machines_names_some_and_counts_the_rest():
    names = [f"web-{number}" for number in range(100, 160)]
    made = [Machine(name, LOOK, replace(judged.QUIET, host=replace(HOST, name=name), verdicts=(judged.NEW,))) for name in names]  # fmt: skip # noqa: E501
    answer = shown(sight=Sight(1, NOW, tuple(made)))
    assert "and 40 more" in answer.text
    assert len(answer.content) < 100_000


@pytest.mark.parametrize("text", judged.AWKWARD)
def test_strangers_texts_stay_text(text):
    told = judged.saying(text)
    key = told.verdicts[0].key
    answer = shown(f"/drift/{short(key)}", Sight(1, NOW, (Machine(text, LOOK, told),)))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text


def test_a_stranger_sees_nothing():
    assert shown(session=None).status_code == 401
