"""The page after hb accept: where the block went, the block to the letter, and what to do next."""

from __future__ import annotations

from tests.baseline.seen import NOW, WEB
from tests.faces.kit import is_safe, said

from hb_engine.app.changing.accept import Accepted
from hb_engine.baseline import blocks
from hb_engine.baseline.accepting import Wish, rule_of
from hb_engine.faces.document import Document
from hb_engine.faces.stories import accepted
from hb_engine.model.record import replace

RULE = rule_of(WEB, Wish("front end", "web", until=int(NOW) + 8 * 3600), NOW)
DONE = Accepted(RULE, blocks.block(RULE), "hb.d/accepted.toml", 12)


def test_where_what_until_when_and_what_next():
    told = said(accepted.tell(DONE, NOW))
    assert told.startswith('Written to hb.d/accepted.toml:12:\n\n    [[allow]]\n    id = "nginx-443"\n')
    assert told.endswith(
        "\n\n It ends in 8 hours.\n next  hb check · git add -N hb.d/accepted.toml; git diff hb.d/accepted.toml\n"
    )


def test_a_dry_run_says_so():
    told = said(accepted.tell(replace(DONE, dry=True), NOW))
    assert told.startswith("Would be written to ")
    assert told.endswith(" Nothing was written: leave out --dry-run to do it.\n")


def test_what_is_not_expected_stands_out():
    told = said(accepted.tell(replace(DONE, notes=("the opening is still widened",)), NOW))
    assert " note: the opening is still widened\n" in told


def test_a_rule_without_an_end_tells_of_none():
    assert "It ends" not in said(accepted.tell(replace(DONE, rule=replace(RULE, until=None)), NOW))


def test_a_path_that_no_shell_takes_is_not_offered():
    told = said(accepted.tell(replace(DONE, path="hb.d/\x1b.toml"), NOW))
    assert "git diff" not in told
    assert told.endswith(" next  hb check\n")
    assert is_safe(told)


def test_the_block_stands_as_it_is_written_at_every_width():
    for width in (40, 80, 200):
        told = said(Document(tuple(accepted.rule_text('# why\n[[allow]]\nid = "a"\n'))), width)
        assert told == '    # why\n    [[allow]]\n    id = "a"\n'
