"""Help is made from the declarations: each verb, option, argument and example stands in it."""

from __future__ import annotations

import pytest
from tests.faces.kit import said

from hb_engine.faces.cli import help as pages
from hb_engine.faces.cli.main import declarations
from hb_engine.faces.cli.options import all_options
from hb_engine.faces.text import width

VERBS = {verb.name: verb for verb in declarations()}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_s_page_tells_all_that_is_declared(name):
    verb = VERBS[name]
    told = said(pages.of_verb(verb))
    for option in all_options(verb):
        assert f"--{option.name}" in told
        assert option.help in told
        assert all(choice in told for choice in option.choices)
    for typed, does in verb.examples:
        assert typed in told
        assert does in told
    if verb.argument:
        assert verb.argument.help in told
    assert "Exit status: 0 as expected" in told


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("name", VERBS)
def test_pages_are_wrapped_to_the_terminal(name, columns):
    for told in said(pages.of_verb(VERBS[name]), columns).split("\n"):
        assert width(told) <= columns


def test_the_first_page_lists_every_verb_with_its_summary():
    told = said(pages.of_program(list(VERBS.values()), "1.2.3"))
    assert told.startswith("hb 1.2.3")
    for verb in VERBS.values():
        assert verb.summary in told
    assert "hb why 1703" in told


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_takes_json_and_shows_examples(name):
    verb = VERBS[name]
    assert verb.examples
    assert name == "completion" or any(option.name == "json" for option in verb.options)


@pytest.mark.parametrize("name", VERBS)
def test_options_do_not_get_in_each_other_s_way(name):
    options = all_options(VERBS[name])
    shorts = [option.short for option in options if option.short]
    assert len(set(shorts)) == len(shorts)
    assert len({option.name for option in options}) == len(options)
