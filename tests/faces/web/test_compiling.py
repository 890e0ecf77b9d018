"""Templates are compiled once, and each language says its own in them."""

from __future__ import annotations

import pytest
from jinja2 import pass_context

from hb_engine.faces.web import compiling
from hb_engine.faces.web.assets import Assets
from hb_engine.faces.web.compiling import Compiler
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.rendering import Renderer, sources

ASSETS = Assets()


class Made(Compiler):
    """An environment that says a word with its language's code, and counts how often it is asked while rendering."""

    def __init__(self, code="en") -> None:
        self.asked: list[str] = []
        said = {name: (lambda word, name=name: f"{name}:{code}:{word}") for name in compiling.SAID}
        super().__init__(code, said, frozenset(("number",)), autoescape=True)
        for name in compiling.SAID:
            self.globals[name] = self.called(name)
        self.filters["number"] = lambda value: f"{code}{value}"

    def called(self, name):
        """A function of a template, for one of the names."""

        def call(*words, **_named):
            self.asked.append(name)
            return f"called {name} {words}"

        return call


@pytest.fixture(autouse=True)
def nothing_compiled(monkeypatch):
    monkeypatch.setattr(compiling, "_COMPILED", {})


def rendered(source, code="en", name="x.html", **values):
    made = Made(code)
    template = made.template_class.from_code(made, made.compile(source, name, name), dict(made.globals))
    return template.render(**values), made.asked


def test_what_is_said_is_in_its_place_and_not_asked_for():
    told, asked = rendered('<p>{{ _("Port") }}</p><a href="{{ url("/ports") }}">{{ gettext("x") }}</a>{{ asset("a") }}')
    assert told == '<p>_:en:Port</p><a href="url:en:/ports">gettext:en:x</a>asset:en:a'
    assert asked == []


def test_each_language_says_its_own_of_what_was_compiled_once(monkeypatch):
    source = '{% macro m() %}{{ _("in") }}{% endmacro %}{% block b %}{{ _("Port") }}{{ m() }}{% endblock %}'
    assert rendered(source, "en")[0] == "_:en:Port_:en:in"
    monkeypatch.setattr(Compiler, "_mark", None)  # whoever compiles anew fails
    assert rendered(source, "ja")[0] == "_:ja:Port_:ja:in"
    assert rendered(source, "en")[0] == "_:en:Port_:en:in"


def test_another_text_under_the_same_name_is_another_template():
    assert rendered('{{ _("a") }}')[0] == "_:en:a"
    assert rendered('{{ _("b") }}')[0] == "_:en:b"


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("It is %(name)s", name=1) }}',
        '{{ _("a" ~ word) }}',
        "{{ _(word) }}",
        '{% if _("a") %}{% endif %}{% set a = _("a") %}',
        '{{ url("/ports/" ~ word) }}',
        '{{ _("a")|upper }}',
    ],
)
def test_what_is_not_known_ahead_is_called(source):
    told, asked = rendered(source, word="w")
    assert asked
    assert "\0" not in told


def test_a_name_that_a_template_gives_another_meaning_is_that():
    told, asked = rendered(
        '{% macro m(url) %}{{ url("/x") }}{% endmacro %}{{ m(own) }}', own=lambda path: f"own {path}"
    )
    assert (told, asked) == ("own /x", [])


def test_what_would_be_worked_out_for_all_languages_is_compiled_for_each():
    assert rendered("{{ 1703|number }}{{ value|number }}", "en", value=1)[0] == "en1703en1"
    assert rendered("{{ 1703|number }}{{ value|number }}", "de", value=1)[0] == "de1703de1"
    assert len(compiling._COMPILED) == 2
    rendered("{{ value|number }}", "en", name="y.html", value=1)
    rendered("{{ value|number }}", "de", name="y.html", value=1)
    assert len(compiling._COMPILED) == 3


def test_a_text_with_the_mark_in_it_is_no_mark():
    assert rendered("{{ value }}", value="\0_ x\0")[0] == "\0_ x\0"


def test_functions_macros_methods_and_jinjas_own_are_called_as_ever():
    @pass_context
    def asks(context, word):
        return f"{word} of {context['value']}"

    source = (
        "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ caller() if caller else '' }}{% endmacro %}"
        "{% for one in [1] %}{{ m(one) }}{{ plain(one, b=3) }}{{ asks('x') }}"
        "{% call m(one) %}!{% endcall %}{% endfor %}"
        "{{ value.upper() }}{{ kind('7') + 1 }}{{ loopless() }}"
    )
    values = {"plain": lambda a, b: a + b, "asks": asks, "value": "v", "kind": int, "loopless": list}
    assert rendered(source, **values)[0] == "124x of v12!V8[]"


@pytest.mark.slow
def test_every_template_is_compiled_once_for_all_languages():
    for code in CODES:
        made = Renderer(language(code), ASSETS)
        assert [made.compile(name) for name in sources()] == [""] * len(sources())
        assert {name for name, _, _ in compiling._COMPILED} == set(sources())
        assert len(compiling._COMPILED) == len(sources())
