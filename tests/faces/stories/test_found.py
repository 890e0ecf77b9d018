"""Names and words lead to a table, or to what comes near."""

from __future__ import annotations

from tests.faces import kit
from tests.faces.kit import golden, said

from hb_engine.faces.stories import found, port
from hb_engine.model.record import replace

MATCHES = kit.Found("http", matches=kit.PAGE_80.assignments)


def test_matches_are_a_table():
    golden("found-http.txt", said(found.matches(MATCHES, wide=False)))
    assert port.tell(MATCHES) == found.matches(MATCHES, wide=False)


def test_the_wide_table_names_assignees():
    assert "assigned to [IESG]" not in said(found.matches(MATCHES, wide=False))
    assert "assigned to IESG" in said(found.matches(MATCHES, wide=True))


def test_rows_without_a_port():
    row = replace(kit.HB, first=None, last=None, transport=None)
    told = said(found.matches(kit.Found("x", matches=(row,)), wide=False))
    assert "-  any" in told
    assert "next" not in told


def test_trouble_with_the_data_is_said():
    assert "corrupt" in said(found.matches(replace(MATCHES, problem="corrupt"), wide=False))
    assert "corrupt" in said(found.nothing(kit.Found("x", problem="corrupt")))


def test_nothing_and_what_comes_near():
    assert said(port.tell(kit.Found("htp", suggestions=("http", "ftp")))) == (
        "Nothing is registered under htp.\n\n near  http, ftp\n"
    )
    assert said(found.nothing(kit.Found("\x1b[2J"))) == "Nothing is registered under \\x1b[2J.\n"
