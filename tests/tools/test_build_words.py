"""The tool that keeps the catalogues: nothing is lost, nothing is guessed, and every fault is told."""

from __future__ import annotations

import importlib

import pytest
from babel.messages.catalog import Catalog

build = importlib.import_module("tools.build_words")


@pytest.fixture
def sources():
    made = Catalog(domain="hb")
    for message in ("Open here", "%(port)s is open", ("%(num)s port", "%(num)s ports"), "See <b>this</b>"):
        made.add(message, None, [("faces/web/x.py", 0)])
    return made


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "LOCALES", str(tmp_path))

    def write(code, *pairs):
        path = tmp_path / code / "LC_MESSAGES"
        path.mkdir(parents=True, exist_ok=True)
        made = Catalog(locale=code, domain="hb", fuzzy=False)
        for message, string in pairs:
            made.add(message, string)
        (path / "hb.po").write_text(build.text(made), encoding="utf-8")

    return write


GOOD = (
    ("Open here", "Hier offen"),
    ("%(port)s is open", "%(port)s ist offen"),
    (("%(num)s port", "%(num)s ports"), ("ein Port", "%(num)s Ports")),
    ("See <b>this</b>", "Siehe <b>das</b>"),
)


def test_a_whole_catalogue_has_no_faults(sources, folder):
    folder("de", *GOOD)
    assert list(build.faults("de", sources)) == []


@pytest.mark.parametrize(
    ("place", "string", "fault"),
    [
        (0, "", "is not translated"),
        (1, "offen", "has ['port']"),
        (1, "%(prot)s ist offen", "has ['port']"),
        (2, ("%(num)s Port", ""), "is not translated"),
        (3, "Siehe das", "other markup"),
        (0, "Hier 100% offen", "stray %"),
    ],
)
def test_faults_are_told(sources, folder, place, string, fault):
    pairs = list(GOOD)
    pairs[place] = (pairs[place][0], string)
    folder("de", *pairs)
    told = list(build.faults("de", sources))
    assert len(told) == 1
    assert fault in told[0]


def test_what_nobody_says_any_more_is_told_and_goes(sources, folder):
    folder("de", *GOOD, ("Gone", "Weg"))
    assert any("nobody says 'Gone'" in one for one in build.faults("de", sources))
    assert build.merged("de", sources).get("Gone") is None


def test_what_is_translated_is_kept_and_what_is_new_is_empty(sources, folder):
    folder("de", *GOOD[:2])
    made = build.merged("de", sources)
    assert made.get("Open here").string == "Hier offen"
    assert not made.get("See <b>this</b>").string
    assert {one.id for one in build._untranslated("de", sources) if one.id} == {GOOD[2][0], GOOD[3][0]}


def test_translations_from_a_file_come_first(sources, folder):
    folder("de", *GOOD)
    more = Catalog(locale="de")
    more.add("Open here", "Offen")
    made = build.merged("de", sources, more)
    assert made.get("Open here").string == "Offen"
    assert made.get("%(port)s is open").string == "%(port)s ist offen"


def test_the_same_text_is_written_twice(sources, folder):
    folder("ro", ("Open here", "Deschis aici"))
    once = build.text(build.merged("ro", sources))
    assert once == build.text(build.merged("ro", sources))
    assert "POT-Creation-Date" not in once
    assert "nplurals=3" in once


def test_templates_and_modules_are_read(tmp_path):
    (tmp_path / "a.py").write_text('say("one")\ncount("%(num)s x", "%(num)s xs", 2)\nmark("two")\nother("no")\n')
    (tmp_path / "b.html").write_text('{{ _("three %(a)s", a=1) }}{{ ngettext("%(num)s y", "%(num)s ys", 3) }}')
    found = build.said(str(tmp_path))
    assert {one.id for one in found if one.id} == {
        "one", "two", "three %(a)s", ("%(num)s x", "%(num)s xs"), ("%(num)s y", "%(num)s ys"),
    }  # fmt: skip


def test_calls_in_calls_and_counting_lose_nothing(tmp_path):
    (tmp_path / "a.py").write_text(
        'x.say("%(some)s of %(all)s", all=y.number(count), some=say(name))\n'
        'b"a".count(b"\\n"); "a".count("b"); x.count("%(num)s z", "%(num)s zs", len(z))\n'
        'say("in " "two parts"); say(f"never {x}"); say(name)\n'
    )
    assert {one.id for one in build.said(str(tmp_path)) if one.id} == {
        "%(some)s of %(all)s", ("%(num)s z", "%(num)s zs"), "in two parts",
    }  # fmt: skip


def test_a_template_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "b.html").write_text('{{ _("three" }}')
    with pytest.raises(Exception, match="unexpected"):
        build.said(str(tmp_path))
