"""One opening's page: the story with evidence, what was agreed, what to do; and what is gone, as history knows it."""

from __future__ import annotations

import pytest
from tests.faces.kit import (
    BACKDOOR,
    CLIENT,
    HOST,
    HTTPS,
    LOOK,
    NOW,
    POSTGRES,
    QUIET,
    ROOT,
    SSH,
    TAP,
    VXLAN,
    hostile_look,
    is_safe,
    unprivileged,
)
from tests.faces.web import kit
from tests.faces.web.machines import sights
from tests.faces.web.machines.answers import ANSWERS
from tests.faces.web.machines.sights import BLIND, CALM, DRIFT, HOSTILE_ONE, SCANNED, UNRULED
from tests.kit.html import complaints

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.pages import opening
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace

PATH = addresses.opening_of("web-17", BACKDOOR)


def shown(sight, path=PATH, answers=ANSWERS):
    return sights.shown(sight, path, answers)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("one", LOOK.openings, ids=lambda one: f"{one.transport}-{one.port}")
def test_every_opening_has_a_good_page(one, code):
    path = addresses.opening_of("web-17", one)
    answer = shown(DRIFT, path if code == "en" else f"/{code}{path}")
    assert answer.status_code == 200
    assert complaints(answer.content) == []


@pytest.mark.parametrize("one", hostile_look().openings, ids=lambda one: str(one.port))
def test_strangers_words_are_words(one):
    answer = shown(HOSTILE_ONE, addresses.opening_of(HOSTILE_ONE.machines[0].name, one))
    assert answer.status_code == 200
    assert complaints(answer.content) == []
    assert is_safe(answer.text)


def test_the_backdoors_story():
    text = shown(DRIFT).text
    for told in ("tcp 1703", "runs a deleted file from /dev/shm", "deleted-executable", "/proc/4117/exe -&gt;",
                 "calls itself &#34;kworker/u8:1&#34;", "sh -c /dev/shm/.x", "sha256 9f31", "policy accept",
                 "cp /proc/4117/exe /root/tcp-1703.exe", "nft delete table inet hb_cut", "login of alice",
                 f"/drift/{addresses.short(BACKDOOR.key)}", "/ports/1703", "Exploiter",
                 "Open on 1 of 90 days"):  # fmt: skip
        assert told in text


def test_the_rule_that_covers_it_stands_with_its_place():
    text = shown(DRIFT, addresses.opening_of("web-17", HTTPS)).text
    for told in ("Covered by", "web-https", "hb.d/web.toml:12:1", "team-web", "Shop front end", "Nothing needs to be"):
        assert told in text


def test_debt_is_for_the_inbox_and_no_baseline_is_said():
    assert "never reviewed" in shown(DRIFT, addresses.opening_of("web-17", POSTGRES)).text
    assert "There is no baseline" in shown(UNRULED).text
    assert "No rule is about it." in shown(DRIFT, addresses.opening_of("web-17", VXLAN)).text


def test_what_it_speaks_is_asked_only_where_it_is_wanted():
    asked = []

    def why(**words):
        asked.append(words["speak"])
        return ANSWERS["why"](**words)

    answers = {**ANSWERS, "why": why}
    assert "Ask it what it speaks" in shown(DRIFT, answers=answers).text
    assert asked == [False]
    text = shown(DRIFT, f"{PATH}?speak=1", answers).text
    assert "registered as hb-engine, speaks ssh" in text
    assert 'data-live="story"' not in text  # a page that is left open asks nobody again
    assert asked == [False, True]


def test_a_machine_of_a_file_is_told_by_its_file():
    def never(**_):
        raise AssertionError("nobody may be asked about another machine")

    sight = Sight(1, NOW, (kit.MACHINE, kit.OTHER))
    text = shown(sight, addresses.opening_of("db-3", SSH), {**ANSWERS, "why": never}).text
    assert "This is what the file db-3.json tells" in text
    assert "Ask it what it speaks" not in text


def test_without_a_fresh_look_the_last_one_is_told():
    def fails(**_):
        raise CannotLook("the kernel refused", "run as root")

    text = shown(DRIFT, answers={**ANSWERS, "why": fails}).text
    assert "It could not be looked at anew" in text
    assert "the kernel refused" in text
    assert "runs a deleted file" in text


def test_what_went_since_the_last_look_is_said():
    text = shown(DRIFT, answers={**ANSWERS, "why": lambda **_: ANSWERS["why"](key="")}).text
    assert "it was not there any more" in text


def test_several_openings_of_one_key():
    twin = replace(HTTPS, inodes=(77,), addresses=("192.0.2.9",))
    sight = Sight(1, NOW, (Machine("web-17", Inventory(HOST, NOW, ROOT, (HTTPS, twin)), None, "web.json"),))
    path = addresses.opening_of("web-17", HTTPS)
    first, second = shown(sight, path), shown(sight, f"{path}?n=2")
    assert "2 openings have this key" in first.text
    assert ("192.0.2.9" in first.text) != ("192.0.2.9" in second.text)
    for number in ("0", "-1", "99", "x", "\u0663"):
        assert shown(sight, f"{path}?n={number}").status_code == 200


def test_what_is_gone_is_told_by_history():
    answer = shown(CALM, PATH)
    assert answer.status_code == 200
    assert "The last look did not show it." in answer.text
    assert "Open on 1 of 90 days" in answer.text
    assert complaints(answer.content) == []


def test_a_look_that_could_not_see_all_does_not_call_it_gone():
    sight = Sight(1, NOW, (Machine("web-17", unprivileged(QUIET)),))
    assert "could not see everything" in shown(sight, PATH).text


def test_what_nobody_knows_is_not_there():
    assert shown(CALM, "/machines/web-17/openings/0123456789abcdef").status_code == 404
    assert shown(CALM, PATH, {}).status_code == 404


def test_what_the_scan_said_stands_beside():
    text = shown(SCANNED).text
    assert "another service answers" in text


@pytest.mark.parametrize("one", [CLIENT, TAP])
def test_a_port_that_means_nothing_is_not_explained(one):
    text = shown(DRIFT, addresses.opening_of("web-17", one)).text
    assert "its number means nothing" in text or "It has no port." in text


def test_nobody_named_is_not_called_fine():
    text = shown(BLIND, addresses.opening_of("web-17", BLIND.machines[0].seen.openings[0]), {}).text
    assert "Nobody is named" in text
    assert "Nothing needs to be done." not in text


def test_steps_are_said_and_advice_stays_as_it_is():
    assert opening.step_words(language("en"), "cut it off") == ("cut it off", True)
    assert opening.step_words(language("en"), "bind it to loopback") == ("bind it to loopback", False)
