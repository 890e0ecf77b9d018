"""Markdown as a merge request shows it: read back by a CommonMark parser, strangers' text is text and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from tests.faces import judged
from tests.faces.kit import NOW, golden

from hb_engine.faces.export.reports import markdown
from hb_engine.model.record import replace

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
OURS = {
    *(
        "heading_open",
        "heading_close",
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "code_inline",
        "softbreak",
    ),
    *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close"),
    *("th_open", "th_close", "td_open", "td_close", "strong_open", "strong_close"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
}
LINKS = re.compile(r"[@#!~$%&][A-Za-z0-9]|https?:|www\.|[A-Za-z0-9]@[A-Za-z0-9]|GH-\d|<|>|[*_`\[\]]", re.IGNORECASE)


def parsed(text):
    return markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def flat(tokens):
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def page(*found):
    return markdown.write(found, "1.2.3", NOW)


@pytest.mark.parametrize(
    ("name", "found"),
    [("quiet", [judged.QUIET]), ("drift", [judged.DRIFTED]), ("blind", [judged.BLIND]), ("many", judged.MANY)],
)
def test_pages(name, found):
    golden(f"report-{name}.md", page(*found))


def test_nothing_but_what_we_write_is_markup():
    assert {token.type for token in flat(parsed(page(*judged.MANY)))} <= OURS


@given(judged.hostile_reports)
def test_no_stranger_s_text_is_markup(report):
    tokens = list(flat(parsed(page(report, judged.DRIFTED))))
    assert {token.type for token in tokens} <= OURS
    rows = [token for token in tokens if token.type == "tr_open"]
    drifted = 4 + (report.verdicts[0].state == "drift")
    assert len(rows) == 1 + drifted
    assert len([token for token in tokens if token.type == "td_open"]) == drifted * 8
    assert len([token for token in tokens if token.type == "heading_open"]) == 1
    for token in tokens:
        if token.type == "text":
            assert not LINKS.search(token.content), token.content


@pytest.mark.parametrize("text", judged.AWKWARD, ids=range(len(judged.AWKWARD)))
def test_awkward_texts(text):
    """The sampled ones too, each on its own."""
    tokens = list(flat(parsed(page(judged.saying(text)))))
    assert {token.type for token in tokens} <= OURS
    assert len([token for token in tokens if token.type == "td_open"]) == 7


def test_long_lists_are_cut_and_say_so():
    short = replace(judged.EXPIRED, reason="x", rule="", where=None, owner="")
    text = page(replace(judged.DRIFTED, verdicts=(short,) * 500))
    assert "And 300 more; hb check has them all." in text
    assert text.startswith("## Network baseline: 500 differences\n")


def test_a_page_fits_a_comment():
    """Forges refuse more than 64 KiB."""
    text = page(replace(judged.DRIFTED, verdicts=(replace(judged.NEW, reason="long/words " * 60),) * 150))
    assert len(text.encode()) < 65_536
    left = int(text.partition("\nAnd ")[2].partition(" more")[0])
    assert left + text.count("**critical**") == 150
