"""Templates into HTML: values are text unless a template of ours says otherwise, and strangers' characters are visible.

Jinja's autoescape makes markup of nothing; `finalize` also makes control, bidirectional and undecodable characters of
process names and banners visible (faces/text.py), so that no template can forget it. It refuses undefined names.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
from typing import Any
from urllib.parse import quote

from jinja2 import FunctionLoader, StrictUndefined, TemplateError
from markupsafe import Markup
from markupsafe import escape as markup

from hb_engine.faces.text import escape
from hb_engine.faces.web import addresses
from hb_engine.faces.web.assets import Assets
from hb_engine.faces.web.compiling import Compiler
from hb_engine.faces.web.language import CODES, Language, language
from hb_engine.faces.web.map import drawing

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")
SHORT = 400  # characters of a text that is remembered as it is shown


@functools.cache
def sources() -> dict[str, tuple[str, str, None]]:
    """Every template's text and file, by its name, read once: later this process may not be able to read them."""
    found: dict[str, tuple[str, str, None]] = {}
    for name in sorted(os.listdir(HERE)):
        path = os.path.join(HERE, name)
        if name.endswith(".html"):
            with open(path, encoding="utf-8") as file:
                found[name] = (file.read(), path, None)
    return found


@functools.lru_cache(maxsize=4096)
def _short(text: str) -> str:
    """A short text made visible; most that are not ASCII are our own words, and stand on every page."""
    return escape(text)


@functools.lru_cache(maxsize=4096)
def _message(text: str) -> Markup:
    return markup(plain(text))


def plain(value: Any) -> Any:
    """What an expression in a template comes to: text of anybody is made visible, our own markup stays."""
    if value.__class__ is str:
        if value.isascii() and value.isprintable():  # as escape() asks
            return value
        return _short(value) if len(value) <= SHORT else escape(value)
    return escape(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def quoted(text: str, safe: str = "") -> str:
    """A text as a segment of an address (RFC 3986 2.1), bytes that were no UTF-8 as they were; `safe` stays."""
    return quote(text.encode("utf-8", "surrogateescape"), safe)


def utc(seconds: float) -> str:
    """A time as <time datetime="..."> wants it, in UTC (HTML 2.3.5)."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sentence(message: str, values: dict[str, Any]) -> Markup:
    """A message with its values in it: all of it text, every character of it visible."""
    return (_message(message) if len(message) <= SHORT else markup(plain(message))) % {
        name: plain(value) for name, value in values.items()
    }


class Renderer:
    """The templates in one language, each compiled once for all of them (compiling.py)."""

    def __init__(self, spoken: Language, assets: Assets) -> None:
        self.language = spoken
        filters = {"number": spoken.number, "moment": spoken.moment, "day": spoken.day}
        words = self._said()
        self._environment = Compiler(
            spoken.code,
            {
                **dict.fromkeys(("_", "gettext"), words["gettext"]),
                "url": lambda path: markup(spoken.url(path)),
                "asset": lambda name: markup(assets.url(name)),
            },
            frozenset(filters),
            loader=FunctionLoader(sources().get),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=plain,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_gettext_translations(spoken.catalogue, newstyle=True)  # type: ignore[attr-defined]
        self._environment.globals.update(words, _=words["gettext"])
        self._environment.globals.update(
            language=spoken, languages=[language(code) for code in CODES], url=spoken.url, asset=assets.url
        )
        self._environment.globals.update(addresses=addresses, port_map=drawing)
        self._environment.filters.update(filters, quoted=quoted, utc=utc)

    def _said(self) -> dict[str, Any]:
        """What templates call gettext and ngettext: a sentence is text too, whoever it is from, and so are its values.

        Jinja's own would take a message for markup, and not show characters of values that nobody sees.
        """
        catalogue, number = self.language.catalogue, self.language.number

        @functools.lru_cache(maxsize=4096)
        def bare(message: str) -> Markup:  # most messages have no placeholders, and a page has many
            return markup(plain(catalogue.gettext(message))) % {}

        def one(message: str, **values: Any) -> Markup:
            return sentence(catalogue.gettext(message), values) if values else bare(message)

        def counted(single: str, many: str, num: int, **values: Any) -> Markup:
            return sentence(catalogue.ngettext(single, many, num), {"num": number(num), **values})

        return {"gettext": one, "ngettext": counted}

    def compile(self, template: str) -> str:
        """Compile a template ahead of its first use; what is wrong with it, empty where nothing is."""
        try:
            self._environment.get_template(template)
        except TemplateError as error:
            return str(error)
        return ""

    def render(self, template: str, values: dict[str, Any]) -> str:
        """A template's HTML."""
        return self._environment.get_template(template).render(values)


@functools.cache
def renderer(code: str, assets: Assets) -> Renderer:
    """The renderer of a language."""
    return Renderer(language(code), assets)
