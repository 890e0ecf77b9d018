"""Whatever a template shows of strangers is text, and every character of it can be seen."""

from __future__ import annotations

import pytest
from tests.faces.kit import HOSTILE, is_safe

from hb_engine.faces.web.assets import Assets
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.rendering import Renderer, plain, quoted, renderer, utc

ASSETS = Assets()
TEXTS = (
    *HOSTILE,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt;",
    "%(name)s %s 100%",
    "{{ 7*7 }}",
)
WAYS = {
    "an expression": "{{ text }}",
    "a sentence": '{{ _("It is %(name)s.", name=text) }}',
    "a block": "{% trans name=text %}It is {{ name }}.{% endtrans %}",
    "a count": '{{ ngettext("one %(name)s", "%(num)s %(name)s", 3, name=text) }}',
    "an attribute": '<a title="{{ text }}">x</a>',
    "a sentence in a macro": '{% macro say(it) %}<b>{{ _("%(name)s", name=it) }}</b>{% endmacro %}{{ say(text) }}',
}


def rendered(template, code="en", **values):
    made = Renderer(language(code), ASSETS)
    return made._environment.from_string(template).render(**values)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("template", WAYS.values(), ids=WAYS)
def test_strangers_text_is_never_markup_and_always_visible(template, text):
    told = rendered(template, text=text)
    assert is_safe(told)
    assert "<script" not in told
    assert "<img" not in told
    assert "49" not in told
    assert plain(text).split("<")[0].split("&")[0].split('"')[0].split("'")[0][:20] in told


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_itself_is_never_markup(text):
    """Messages are ours; should a template ever say a stranger's text as one, it is text still."""
    told = rendered("{{ _(text) }}", text=text.replace("%", ""))
    assert is_safe(told)
    assert "<script" not in told
    assert "<img" not in told


def test_a_message_without_values_is_said_as_it_is():
    assert rendered('{{ _("Search") }} {{ ngettext("one machine", "%(num)s machines", 1) }}') == "Search one machine"


def test_a_name_that_nobody_gave_is_a_mistake_and_no_blank():
    with pytest.raises(Exception, match="nobody"):
        rendered("{{ nobody }}")


def test_an_address_holds_bytes_that_were_no_text():
    assert quoted("a/b \udcff") == "a%2Fb%20%FF"
    assert quoted("/a b", "/") == "/a%20b"


def test_a_time_is_told_to_machines_in_utc():
    assert utc(1795356311.0) == "2026-11-22T14:05:11Z"


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_its_renderer_and_numbers(code):
    made = renderer(code, ASSETS)
    assert made.language.code == code
    assert made._environment.from_string("{{ 1703|number }}").render() == language(code).number(1703)
