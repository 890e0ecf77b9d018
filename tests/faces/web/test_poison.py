"""Strangers' words on every page: they change no page's shape, lead nowhere, and hide no character."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from tests.faces.web import kit, poison
from tests.kit import html

from hb_engine.model.record import replace

PLAIN = "plain words"
WORDS = (
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "javascript:alert(1)//",
    ),
    *("{{7*7}}{% raw %}", "]]><!--", "%(name)s %s %%", "</title></svg></textarea></script><b>", "&lt;b&gt;&#60;&amp;"),
    *("//evil.example/", "../../etc/passwd", "#x?y=z&w", "\u202e<b>\x1b[2J", "\ud800<\udcff", "\x00\x85\ufffe"),
    *("a\r\nSet-Cookie: x=y", "\u2028<i>"),
)
HIDDEN = ("Cc", "Cf", "Cs", "Cn")  # Unicode's categories: controls, formats, halves of pairs, what is no character
# What a search finds, and in which order, is the words'. A name with such characters is in no command to be typed.
OTHERWISE = ("/search", "/openings/")


@pytest.fixture(scope="module")
def shown():
    """Every page of the sight with a text in it: (path, status, headers, body)."""
    answers: dict[str, Any] = {}
    site, number = kit.site(answers=answers), iter(range(1000, 2000))

    def of(text):
        sight = replace(poison.poisoned(poison.usual(), text), number=next(number))
        answers.clear()
        answers.update(poison.answers(text))
        site.hub.show(sight)
        with kit.client(site, kit.WRITER) as browser:
            return [(path, said.status_code, said.headers, said.content) for path in poison.paths(sight)
                    for said in [browser.get(path)]]  # fmt: skip

    return of


@pytest.fixture(scope="module")
def plain(shown):
    return shown(PLAIN)


def test_there_is_something_to_see(plain):
    good = [body.decode() for _, status, _, body in plain if status == 200]
    assert len(good) > 60
    whole = "".join(good)
    said = ["kworker/u8:1", "cron.service", "shop", "registry.example", "team-web", "login of alice"]
    assert [one for one in said if f"{PLAIN}{one}" not in whole] == []


@pytest.mark.slow
@pytest.mark.parametrize("text", WORDS, ids=ascii)
def test_words_of_strangers_are_words(plain, shown, text):
    wrong = []
    for (at, status, _, before), (path, now, headers, body) in zip(plain, shown(text), strict=True):
        if now != status or "x" in headers.get("set-cookie", ""):
            wrong.append(f"{path}: {now}, and {status} with other words")
        if not body.startswith(b"<!DOCTYPE html>"):
            continue
        page = html.read(body)
        if not any(part in at for part in OTHERWISE) and html.skeleton(page) != html.skeleton(html.read(before)):
            wrong.append(f"{path}: another shape than {at}")
        wrong += [f"{path}: {said}" for said in html.complaints(body)]
        wrong += [
            f"{path}: {one} leads to {one.get(name)}"
            for one in page
            for name in ("href", "src", "action", "value")
            if one.get(name).startswith(("//", "/\\")) or one.get(name).lower().startswith("javascript:")
            if name != "value" or one.get("name") == "back"
        ]
        hidden = {one for one in body.decode() if unicodedata.category(one) in HIDDEN and one not in "\n\t"}
        wrong += [f"{path}: {one!r}" for one in hidden]
    assert wrong == []
