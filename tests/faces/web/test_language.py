"""The pages' languages: no message is missing in any, numbers and dates are each language's own."""

from __future__ import annotations

import ast
import importlib
import os

import pytest

from hb_engine.faces.web.language import CODES, Language, language, mark, preferred

build = importlib.import_module("tools.build_words")
WHEN, NOW = 1795356311.0, 1795356311.0 + 3 * 3600
SOURCES = build.said()


@pytest.fixture(autouse=True)
def _utc(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("code", build.CODES)
def test_every_message_is_translated_and_none_is_stale(code):
    wrong = list(build.faults(code, SOURCES))
    assert not wrong, f"{len(wrong)}: run tools/build_words.py, and translate: {wrong[:5]}"


def test_messages_are_found_in_templates_and_in_modules():
    where = {name for message in SOURCES for name, _ in message.locations}
    assert {"faces/web/templates/base.html", "faces/web/troubles.py"} <= where
    assert len(SOURCES) > 100


def literals():
    """Every text that stands in a call of say, count or mark, by the module that has it."""
    for top, _, names in os.walk(build.WEB):
        for name in [os.path.join(top, one) for one in names if one.endswith(".py")]:
            with open(name, encoding="utf-8") as file:
                calls = [node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call) and node.args]
            for call in calls:
                called = getattr(call.func, "attr", getattr(call.func, "id", ""))
                first = call.args[0]
                if called == "count" and len(call.args) < 3:  # of a list: how often something is in it
                    continue
                if called in ("say", "count", "mark") and isinstance(first, ast.Constant) and first.value:
                    yield os.path.relpath(name, build.WEB), first.value


def test_no_message_of_a_module_escapes_the_tool():
    """Babel's extractor loses a message where a call within it is about a variable that is named like a keyword."""
    known = {build._name(message) for message in SOURCES if message.id}
    told = [(where, text) for where, text in literals() if isinstance(text, str)]
    assert len(told) > 300
    assert [(where, text) for where, text in told if text not in known] == []


@pytest.mark.parametrize("code", build.CODES)
def test_catalogues_have_the_plural_forms_of_their_language(code):
    catalogue = build.kept(code)
    plural = [one for one in catalogue if isinstance(one.id, (tuple, list)) and one.id]
    assert plural
    assert {len(one.string) for one in plural} == {catalogue.num_plurals} == {{"ro": 3, "ja": 1}.get(code, 2)}


@pytest.mark.parametrize(
    ("code", "number"),
    [("en", "65,536"), ("ro", "65.536"), ("de", "65.536"), ("fr", "65 536"), ("es", "65.536"), ("ja", "65,536")],
)
def test_numbers_are_as_the_language_writes_them(code, number):
    assert language(code).number(65536) == number


@pytest.mark.parametrize(
    ("code", "day", "moment"),
    [
        ("en", "22 November 2026", "22 Nov 2026, 14:05:11"),
        ("ro", "22 noiembrie 2026", "22 nov. 2026, 14:05:11"),
        ("de", "22. November 2026", "22.11.2026, 14:05:11"),
        ("fr", "22 novembre 2026", "22 nov. 2026, 14:05:11"),
        ("es", "22 de noviembre de 2026", "22 nov 2026, 14:05:11"),
        ("ja", "2026\u5e7411\u670822\u65e5", "2026/11/22 14:05:11"),
    ],
)
def test_dates_are_as_the_language_writes_them(code, day, moment):
    assert language(code).day(WHEN) == day
    assert language(code).moment(WHEN) == moment


@pytest.mark.parametrize(
    ("code", "told"),
    [("en", "3 hours ago"), ("de", "vor 3 Stunden"), ("ro", "acum 3 ore"), ("ja", "3 \u6642\u9593\u524d")],
)
def test_how_long_ago(code, told):
    assert language(code).ago(WHEN, NOW) == told


@pytest.mark.parametrize("code", CODES)
def test_addresses_carry_the_language(code):
    assert language(code).url("/ports/1703") == ("/ports/1703" if code == "en" else f"/{code}/ports/1703")


@pytest.mark.parametrize("code", CODES)
def test_a_language_calls_itself_by_its_own_name(code):
    assert language(code).name == {
        "en": "English", "ro": "Rom\u00e2n\u0103", "de": "Deutsch", "fr": "Fran\u00e7ais", "es": "Espa\u00f1ol",
        "ja": "\u65e5\u672c\u8a9e",
    }[code]  # fmt: skip


def test_lists_are_as_the_language_writes_them():
    assert language("en").listed(["a", "b", "c"]) == "a, b and c"
    assert language("de").listed(["a", "b", "c"]) == "a, b und c"
    assert language("fr").listed([]) == ""


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, ro", "ro"),
        ("pl, fr;q=0.3, es;q=0.4", "es"),
        ("ja;q=0, en;q=0.1", "en"),
        ("", "en"),
        ("*", "en"),
        ("xx;q=nonsense,,;;", "en"),
        (",".join(["de"] * 10000), "de"),
    ],
)
def test_what_a_browser_likes_best(accepted, code):
    assert preferred(accepted) == code


def test_an_unknown_language_is_refused():
    with pytest.raises(KeyError):
        language("xx")


def test_messages_with_values():
    spoken = Language("en")
    assert spoken.say(mark("%(one)s of %(all)s"), one=1, all=2) == "1 of 2"
    assert spoken.say("100 % sure") == "100 % sure"
    assert spoken.count("%(num)s port", "%(num)s ports", 65536) == "65,536 ports"
    assert spoken.count("%(num)s port of %(name)s", "%(num)s ports of %(name)s", 1, name="x") == "1 port of x"
