"""The fixed parts of the register's page: nothing comes from elsewhere, and ids are there once."""

from __future__ import annotations

import re

from hb_engine.faces.export.register_page import PAGE, STYLE


def test_nothing_comes_from_elsewhere():
    assert not re.search(r"https?:|url\(|@import|//|<script|<link|<img", STYLE + PAGE)


def test_braces_of_the_style_match():
    assert STYLE.count("{") == STYLE.count("}")
    for name in re.findall(r"var\((--[a-z]+)\)", STYLE):
        assert STYLE.count(f"{name}:") == 3  # light, dark, print


def test_what_is_answered():
    for requirement in ("1.2.5", "1.2.6", "1.2.7", "CM-7"):
        assert requirement in PAGE
    ids = re.findall(r'id="([^"]+)"', PAGE)
    assert len(ids) == len(set(ids))
    assert PAGE.count("<section") == PAGE.count("</section>") == 1
