"""The page is well-formed, whole in itself, and shows strangers' text as text; it says what the register says."""

from __future__ import annotations

import html.parser
import re

import pytest
from hypothesis import given
from tests.faces import judged, registers
from tests.faces.kit import golden, is_safe

from hb_engine.faces.export.register import html as page
from hb_engine.faces.text import escape

VOID = {"meta", "br"}
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "section",
        "h1",
        "h2",
        "p",
        "dl",
        "div",
        "dt",
        "dd",
    ),
    *("ul", "li", "strong", "span", "table", "caption", "thead", "tbody", "tr", "th", "td", "b", "small", "code", "br"),
}
ATTRIBUTES = {"lang", "charset", "name", "content", "class", "id", "aria-labelledby", "tabindex", "scope"}


class Reader(html.parser.HTMLParser):
    """Reads a page strictly: every element is closed, in order, and none is one that the page has no use for."""

    def __init__(self, text) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str | None] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == [], "elements that are not closed"

    def handle_starttag(self, tag, attrs):
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        self.ids += [value for name, value in attrs if name == "id"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            assert tag == "td" or dict(attrs).get("scope") in ("col", "row")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)
            if self.rows and ("th" in self.open or "td" in self.open):
                self.rows[-1][-1] += data

    def handle_comment(self, data):
        raise AssertionError("a comment")

    def unknown_decl(self, data):
        raise AssertionError("a declaration")


def read(register):
    return Reader(page.write(register, "1.2.3"))


@pytest.mark.parametrize(
    ("name", "register"), [("one", registers.ONE), ("many", registers.MANY), ("empty", registers.EMPTY)]
)
def test_pages(name, register):
    golden(f"register-{name}.html", page.write(register, "1.2.3"))


@pytest.mark.parametrize("register", [registers.ONE, registers.MANY, registers.EMPTY], ids=["one", "many", "empty"])
def test_the_page_is_whole(register):
    text = page.write(register, "1.2.3")
    found = Reader(text)
    assert len(found.ids) == len(set(found.ids))
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert not re.search(r"https?://|url\(|@import|<script|<link|<img|\bon[a-z]+=", text)
    assert "@page" in text
    assert "table-header-group" in text
    for label in re.findall(r'aria-labelledby="([^"]+)"', text):
        assert label in found.ids


@given(judged.anything | judged.surrogates)
def test_strangers_text_is_text(text):
    found = Reader(page.write(registers.saying(text), "1.2.3"))
    assert is_safe("".join(found.words))
    cells = {len(row) for row in found.rows}
    assert cells <= {3, 5, 6, 9}


@pytest.mark.parametrize("text", judged.AWKWARD, ids=range(len(judged.AWKWARD)))
def test_awkward_texts_are_shown_whole(text):
    found = Reader(page.write(registers.saying(text), "1.2.3"))
    assert escape(text) in "".join(found.words)


def test_what_nobody_approved_stands_first():
    text = page.write(registers.ONE, "1.2.3")
    assert text.index("Open without approval") < text.index("Allowed ports")
    row = next(row for row in read(registers.ONE).rows if row[0].startswith("tcp 1703"))
    assert row[1:4] == ["web-17", "public", "unit:cron.service"]
    assert "deleted" in row[5]


def rows():
    return {row[0]: row for row in read(registers.ONE).rows}


def test_a_rule_is_a_row():
    row = next(row for name, row in rows().items() if name.startswith("https"))
    assert row[1] == "tcp/443"
    assert row[3:7] == ["Shop front end", "team-web", "2026-10-13, by team-web", "2027-04-11"]
    assert row[7] == "TLS 1.2 or newercertificate san *.shop.example"
    assert row[8] == "tcp/443 public by unit:nginx.service"


def test_what_is_missing_is_said():
    text = page.write(registers.ONE, "1.2.3")
    debug = next(row for name, row in rows().items() if name.startswith("debug"))
    assert debug[3] == "none is named"
    assert debug[6] == "no day is set"
    packed = next(row for name, row in rows().items() if name.startswith("time"))
    assert packed[4] == "nobody"
    assert '<strong class="bad">2026-11-02, overdue by 20 days</strong>' in text
    ftp = next(row for name, row in rows().items() if name.startswith("ftp"))
    assert ftp[7].endswith("no security feature is recorded")
    assert "ends by itself on 2026-12-22" in ftp[5]


def test_gaps_are_said():
    text = page.write(registers.MANY, "1.2.3")
    assert "owners of 5 sockets: their processes are not yours to read (run as root, or give hb CAP_SYS_PTRACE)" in text
    assert "web-17, db-3, db-4 and 7 more" in text


def test_nothing_is_said_as_such():
    text = page.write(registers.EMPTY, "1.2.3")
    assert text.count("There is none.") == 3
    assert "to decide" not in text
