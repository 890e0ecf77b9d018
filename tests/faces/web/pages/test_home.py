"""The first page: the worst of what is open, what was not seen, what changed, what to do; of one machine or many."""

from __future__ import annotations

from html import escape

import pytest
from tests.faces.kit import BACKDOOR, DAY, NOW, SSH, is_safe
from tests.faces.web.machines import sights
from tests.faces.web.machines.answers import ANSWERS, CAME, WIDE
from tests.faces.web.machines.sights import BLIND, CALM, DRIFT, EMPTY, SIGHTS, UNRULED, fleet
from tests.kit.html import complaints

from hb_engine.app.hub.questions.changes import Changed, Changes
from hb_engine.app.hub.sight import NO_BASELINE, NOTHING, Sight, Trouble
from hb_engine.faces.web.addresses import short
from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.machines import rows
from hb_engine.faces.web.pages import home
from hb_engine.model.errors import DataError
from hb_engine.model.record import replace


def shown(sight, path="/", answers=ANSWERS):
    return sights.shown(sight, path, answers)


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_a_good_page_whatever_there_is_to_see(sight):
    for answers in (ANSWERS, {}):
        answer = shown(sight, answers=answers)
        assert answer.status_code == 200
        assert complaints(answer.content) == []
        assert is_safe(answer.text)
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("code", CODES)
def test_in_every_language(code):
    answer = shown(DRIFT, "/" if code == "en" else f"/{code}")
    assert answer.status_code == 200
    assert complaints(answer.content) == []


def test_one_machine_stands_here_itself_the_worst_first():
    text = shown(DRIFT).text
    assert text.index("1703</a>") < text.index("6379</a>") < text.index("443</a>")
    for told in ("web-17", "open to everyone, and no rule is about it", "runs a deleted file from /dev/shm",
                 f"/machines/web-17/openings/{short(BACKDOOR.key)}", "seen as root, nothing unseen",
                 "web-https requires it, and nothing is open there", "2 clients and idle sockets are not shown",
                 "hb why 1703", "hb check"):  # fmt: skip
        assert told in text


def test_nothing_is_said_twice():
    (machine,) = [one for one in DRIFT.machines if not one.source][:1]
    assert machine.report is not None
    spoken = BACKDOOR.verdict.reasons[0].text
    verdicts = [
        replace(one, reason=f"no rule is about it; {spoken}") if one.key == BACKDOOR.key else one
        for one in machine.report.verdicts
    ]
    told = replace(machine, report=replace(machine.report, verdicts=tuple(verdicts)))
    text = shown(replace(DRIFT, number=DRIFT.number + 90, machines=(told,))).text
    assert text.count(escape(spoken)) == 1


def test_what_changed_since_yesterday():
    text = shown(DRIFT).text
    assert "this machine → everyone" in text
    assert "opened" in text


def test_what_lets_in_more_is_not_hidden_behind_what_merely_changed():
    facts = [replace(CAME, kind="facts", opening=SSH, at=NOW - at) for at in range(1, home.FEW + 3)]

    def changes(since=0.0, **_):
        found = tuple([Changed("web-17", one) for one in (*facts, CAME, WIDE)])
        return Changes(since, found, 0, NOW - 60 * DAY, NOW)

    for sight in (DRIFT, replace(DRIFT, machines=(*DRIFT.machines, *fleet(2)))):
        text = shown(replace(sight, number=sight.number + 700), answers={**ANSWERS, "changes": changes}).text
        lately = text[text.index('id="lately"') :]
        assert lately.index("opened") < lately.index("another fact")
        assert "this machine → everyone" in lately
        assert "4 more changes, and those before" in lately
        assert "/machines/web-17/changes" in lately


def test_what_closed_again_is_no_news_and_stands_behind_its_end():
    shut = replace(CAME, kind="closed", at=CAME.at + 60)
    told = [Changed("web-17", one) for one in (shut, CAME, WIDE)]
    assert [one.change.kind for one in home.news_first(told)] == ["widened", "closed", "opened"]
    elsewhere = [replace(told[0], host="db-1"), *told[1:]]
    assert [one.change.kind for one in home.news_first(elsewhere)] == ["opened", "widened", "closed"]
    again = [Changed("web-17", replace(CAME, at=CAME.at + 90)), *told]
    assert [one.change.kind for one in home.news_first(again)] == ["opened", "widened", "closed", "opened"]


def test_without_history_it_says_how_to_keep_one():
    assert "hb record --timer" in shown(DRIFT, answers={}).text


def test_a_history_in_trouble_is_told_and_the_rest_is_shown():
    def fails(**_):
        raise DataError("history.db is no history", "hb history --repair")

    text = shown(DRIFT, answers={"changes": fails}).text
    assert "history.db is no history" in text
    assert "hb history --repair" in text
    assert "1703</a>" in text


def test_quiet_is_said_and_nothing_is_called_clean_that_was_not_seen():
    calm = shown(CALM).text
    assert "need a look" in calm
    assert "nothing unseen" in calm
    blind = shown(BLIND).text
    assert "nothing unseen" not in blind
    assert "2 things could not be seen" in blind
    assert "nothing odd in what was seen" in blind
    assert "</span> nothing odd</span>" not in blind
    assert "run as root, or give hb CAP_SYS_PTRACE" in blind
    assert "history.db is locked" in blind


def test_nothing_open_is_only_as_far_as_was_asked():
    assert "Nothing is open here, as far as was asked." in shown(EMPTY).text


def test_before_the_first_look():
    text = shown(NOTHING).text
    assert "No machine has been seen yet" in text
    assert "nobody has looked yet" in text


def test_without_rules_the_next_step_is_to_learn():
    assert "hb learn --now" in shown(UNRULED).text
    assert home.next_steps(CALM, rows.of(CALM)) == ["hb check"]
    assert home.next_steps(EMPTY, ()) == ["hb learn --now"]


def test_rules_with_a_mistake_are_not_called_none():
    broken = Trouble("baseline", "the rules cannot be used", "hb lint shows each with its line.")
    sight = replace(UNRULED, number=UNRULED.number + 91, troubles=(broken,))
    for path in ("/", "/drift", "/baseline", "/machines/web-17"):
        text = shown(sight, path).text
        assert "the rules cannot be used" in text
        assert "hb learn" not in text
    assert home.next_steps(sight, ()) == ["hb lint"]


def test_hints_are_no_alarms_and_stand_where_they_belong():
    told = Trouble("files", "not shown, for there is a newer look", "See to it.", hint=True)
    broken = Trouble("files", "x.json is broken", "See to it.")
    few = replace(DRIFT, machines=(*DRIFT.machines, *fleet(2)), number=DRIFT.number + 800, troubles=(told, broken))
    text = shown(few).text
    assert text.index("The worst of all") < text.index("not shown, for") < text.index("Machines in numbers")
    for sight in (few, replace(few, machines=DRIFT.machines), replace(few, machines=())):
        page = shown(replace(sight, number=sight.number + len(sight.machines))).text
        assert page.count('<div class="notice" lang="en">\n<p><strong>not shown') == page.count("not shown, for") == 1
        assert page.count('<div class="notice bad" lang="en">\n<p><strong>x.json') == page.count("x.json is") == 1


def test_that_there_are_no_rules_yet_comes_after_what_is_open():
    text = shown(replace(UNRULED, number=UNRULED.number + 92, troubles=(NO_BASELINE,))).text
    assert (
        text.index("Open now, the worst first") < text.index(NO_BASELINE.message) < text.index("hb learn --now</code>")
    )


@pytest.mark.slow
def test_hundreds_of_machines_are_numbers_the_worst_first():
    sight = Sight(1, NOW, fleet(500))
    answer = shown(sight)
    assert complaints(answer.content) == []
    assert len(answer.content) < 100_000
    for told in ("500 machines", "The worst of all", "host-007.example", "Page 1 of 25", "not all could be seen"):
        assert told in answer.text
    assert "host-499.example" in shown(sight, "/?q=host-499").text
    assert (
        "host-007.example"
        not in shown(sight, "/?q=host-499").text.partition('id="machines"')[2].partition("</table>")[0]
    )
    assert "No machine has these words." in shown(sight, "/?q=nowhere").text
    assert "Page 25 of 25" in shown(sight, "/?page=99").text
