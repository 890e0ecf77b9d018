"""The register as Markdown: read back by a CommonMark parser, tables have their cells, and strangers no markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.faces import judged, registers
from tests.faces.kit import golden

from hb_engine.faces.export.register import markdown

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
KINDS = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "strong", "bullet_list", "list_item"}
OURS = {f"{kind}_{end}" for kind in KINDS for end in ("open", "close")} | {"inline", "text", "code_inline", "softbreak"}


def tokens(register):
    def flat(found):
        for token in found:
            yield token
            yield from flat(token.children or [])

    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return list(flat(parser.parse(markdown.write(register, "1.2.3"))))


def test_pages():
    golden("register-one.md", markdown.write(registers.ONE, "1.2.3"))
    golden("register-empty.md", markdown.write(registers.EMPTY, "1.2.3"))


def test_the_tables():
    found = tokens(registers.ONE)
    assert {token.type for token in found} <= OURS
    assert len([token for token in found if token.type == "td_open"]) == 3 * 5 + 10 * 9 + 2 * 5 + 6
    assert [token.content for token in found if token.type == "text"].count("Allowed") == 1


@given(judged.anything | judged.surrogates)
def test_no_stranger_s_text_is_markup(text):
    found = tokens(registers.saying(text))
    assert {token.type for token in found} <= OURS
    assert len([token for token in found if token.type == "td_open"]) == 5 + 9 + 5 + 6
