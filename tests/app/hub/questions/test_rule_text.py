"""A rule's lines as they are written, with the comments above them; in other formats the lines around."""

from __future__ import annotations

import pytest
from tests.app.hub.deciding_kit import Desk

from hb_engine.app.hub.questions.rule_text import AROUND, QUESTION
from hb_engine.model.errors import BadInput

TEXT = 'schema = "hb/1"\n\n# the shop\n# and its cache\n[[allow]]\nid = "shop"\nlisten = "tcp/443"\nby = "unit:x"\nwhy = "x"\nowner = "y"\n\n[[allow]]\nid = "next"\nlisten = "tcp/9"\nby = "unit:x"\nwhy = "x"\nowner = "y"\n'  # noqa: E501


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin(TEXT)
    return made


def test_the_lines_of_one_rule_and_no_more(desk):
    assert not QUESTION.writes
    found = desk.ask("rule-text", rule="shop")
    assert (found.file, found.first, found.whole) == ("hb.d/hb.toml", 3, True)
    assert found.text.startswith("# the shop\n# and its cache\n[[allow]]\n")
    assert found.text.endswith('owner = "y"')
    assert "next" not in found.text


def test_other_line_ends_and_a_mark_at_the_start_do_not_matter(desk):
    with open(f"{desk.folder}/hb.toml", "w", encoding="utf-8", newline="") as file:
        file.write("\ufeff" + TEXT.replace("\n", "\r\n"))
    found = desk.ask("rule-text", rule="shop")
    assert found.first == 3
    assert "\r" not in found.text


def test_a_rule_of_a_pack(desk):
    desk.write("packs.toml", '[defaults]\npacks = ["debian"]\n')
    found = desk.ask("rule-text", rule="debian/dhclient")
    assert found.file.startswith("pack:")
    assert found.whole
    assert "dhclient" in found.text


def test_a_rule_in_json_is_shown_with_the_lines_around_it(desk):
    rule = '{"id": "j", "listen": "tcp/8", "by": "unit:x", "why": "x", "owner": "y"}'
    rules = f'{{"schema": "hb/1",\n "allow": [\n  {rule}\n ]\n}}\n'
    desk.write("more.json", rules)
    found = desk.ask("rule-text", rule="j")
    assert not found.whole
    assert '"id": "j"' in found.text
    assert len(found.text.split("\n")) <= AROUND


@pytest.mark.parametrize("name", ["", "nobody", "../hb.toml", "\x00"])
def test_a_rule_that_there_is_not(desk, name):
    with pytest.raises(BadInput, match="any more"):
        desk.ask("rule-text", rule=name)
