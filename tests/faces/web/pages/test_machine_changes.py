"""Changes by day, the latest first, with what was before; and how history is kept where there is none."""

from __future__ import annotations

import pytest
from tests.faces.kit import BACKDOOR, CLIENT, DAY, HTTPS, NOW, REDIS, is_safe
from tests.faces.web.machines import sights
from tests.faces.web.machines.answers import ANSWERS, CAME, WIDE
from tests.faces.web.machines.sights import DRIFT, SIGHTS
from tests.kit.html import complaints

from hb_engine.app.hub.questions.changes import Changed, Changes
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines.timeline import day_name
from hb_engine.faces.web.pages import machine_changes
from hb_engine.model.history import CHANGES, Change
from hb_engine.model.record import replace

PATH = "/machines/web-17/changes"


def shown(path=PATH, answers=ANSWERS, sight=DRIFT):
    return sights.shown(sight, path, answers)


def told(*changes, more=0):
    return {
        "changes": lambda **_: Changes(0.0, tuple([Changed("web-17", one) for one in changes]), more, NOW - DAY, NOW)
    }


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_a_good_page_whatever_there_is_to_see(sight):
    for one in sight.machines[:2]:
        answer = shown(addresses.changes(one.name), sight=sight)
        assert answer.status_code == 200
        assert complaints(answer.content) == []
        assert is_safe(answer.text)


def test_by_day_the_latest_first():
    text = shown().text
    assert text.index(f'id="d{day_name(NOW)}"') < text.index(f'id="d{day_name(NOW - 18 * DAY)}"')
    assert text.index(f'id="d{day_name(NOW - 18 * DAY)}"') < text.index(f'id="d{day_name(NOW - 20 * DAY)}"')
    assert "4 changes in ninety days." in text
    assert addresses.opening_of("web-17", BACKDOOR) in text


def test_what_was_before():
    text = shown().text
    assert "reaches further" in text
    assert "this machine" in text
    assert "another fact of it" not in text  # what closed has nothing to tell of before


def test_one_day_alone():
    text = shown(f"{PATH}?day={day_name(NOW - 20 * DAY)}").text
    assert "One change on" in text
    assert "1703" not in text.partition("<tbody>")[2]
    assert shown(f"{PATH}?day=yesterday").text.count("changes in ninety days") == 1


def test_clients_are_folded_and_counted():
    answers = told(CAME, Change(NOW, "opened", CLIENT), Change(NOW, "closed", CLIENT, CLIENT))
    text = shown(answers=answers).text
    assert "2 of clients and idle sockets are folded away" in text
    assert "chrony" not in text
    assert "chrony" in shown(f"{PATH}?every=1", answers).text


@pytest.mark.parametrize("kind", CHANGES)
def test_every_kind_of_change(kind):
    was = replace(REDIS, scope="loopback", owners=HTTPS.owners)
    answer = shown(answers=told(Change(NOW, kind, REDIS, was, NOW - 300)))
    assert answer.status_code == 200
    assert complaints(answer.content) == []


def test_what_is_left_out_is_said():
    assert "17 older changes are not shown here." in shown(answers=told(CAME, WIDE, more=17)).text


def test_pages():
    many = [Change(NOW - number * 60, "opened", BACKDOOR) for number in range(300)]
    text = shown(answers=told(*many)).text
    assert "Page 1 of 3" in text
    assert "Page 3 of 3" in shown(f"{PATH}?page=3", told(*many)).text


def test_without_history_it_says_how_to_keep_one():
    answer = shown(answers={})
    assert answer.status_code == 200
    assert "hb record --timer" in answer.text


def test_a_machine_that_is_not_there():
    assert shown("/machines/nobody/changes").status_code == 404


def test_the_ninety_days_begin_at_one_time_for_all_readers_of_a_day():
    assert machine_changes.since_days(NOW) == machine_changes.since_days(NOW + 60)
    assert 88 * DAY < NOW - machine_changes.since_days(NOW) < 91 * DAY
