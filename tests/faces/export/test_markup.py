"""Words, code spans and cells of Markdown, read back by a CommonMark parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.faces import judged

from hb_engine.faces.export import markup
from hb_engine.faces.text import escape

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")


def inline(text):
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(text)
    return [(child.type, child.content) for token in tokens if token.type == "inline" for child in token.children]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("runs a deleted file", "runs a deleted file"),
        ("port 1703, and no rule", "port 1703, and no rule"),
        ("runs /dev/shm/.x now.", "runs `/dev/shm/.x` now."),
        ("(see hb.d)", "(see `hb.d`)"),
        ("@root and #12", "`@root` and `#12`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("two\nlines", "`two\\nlines`"),
        ("well-known", "well-known"),
        ("nobody's, not 'yours'", "nobody's, not `'yours'`"),
        ("abc123f", "`abc123f`"),
        ("www", "`www`"),
        ("...", "`...`"),
        ("", ""),
        ("1. one", "`1`. one"),
        ("1703 is open, 1703.", "1703 is open, 1703."),
        ("Zürich", "Zürich"),
    ],
)
def test_words(text, written):
    assert markup.words(text) == written


@given(judged.anything)
def test_code_is_one_span_with_the_whole_text(text):
    found = inline(f"x {markup.code(text)} x")
    shown = escape(text)
    assert [kind for kind, _ in found] == ["text", "code_inline", "text"]
    assert found[1][1].strip() == shown.strip()


@given(judged.anything)
def test_a_cell_is_one_cell(text):
    rows = [
        markup.row(["a", "b", "c"]),
        markup.row(["---"] * 3),
        markup.row([markup.code(text, cell=True), markup.in_cell(text), "end"]),
    ]
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse("\n".join(rows))
    cells = [token for token in tokens if token.type == "td_open"]
    assert len(cells) == 3
    inlines = [token for token in tokens if token.type == "inline"]
    assert inlines[5].content == "end"
    assert [child.type for child in inlines[3].children] == ["code_inline"]
    assert inlines[3].children[0].content.strip() == escape(text).replace("\\|", "\\x5c|").strip()


@given(judged.anything)
def test_words_are_text_and_code_alone(text):
    found = inline(f"It is {markup.words(text)} so")
    assert {kind for kind, _ in found} <= {"text", "code_inline"}
    shown = "".join(content for _, content in found).replace(" ", "")
    assert shown == f"Itis{escape(text)}so".replace(" ", "")
