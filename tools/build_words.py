"""Bring the pages' catalogues up to date: every message that templates and modules say, in every language.

    .venv/bin/python tools/build_words.py            add what is new, drop what nobody says, keep what is translated
    .venv/bin/python tools/build_words.py --check     say what is missing or stale, and change nothing
    .venv/bin/python tools/build_words.py --missing de   print what has no translation yet, as PO

A catalogue is src/hb_engine/faces/web/locales/XX/LC_MESSAGES/hb.po. It refuses fuzzy guesses: a message that changed is
a new one, and is translated anew.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WEB = os.path.join(TOP, "src", "hb_engine", "faces", "web")
LOCALES = os.path.join(WEB, "locales")
CODES = ("ro", "de", "fr", "es", "ja")
OPTIONS = {"**.html": {"newstyle_gettext": "true", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"say": None, "mark": None, "count": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
NAMED = re.compile(r"%\((\w+)\)[sd]")


def modules(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, str, str | tuple[str, str], list[str]]]:
    """The messages of a module, for Babel: whole calls are read, where Babel's own reader loses messages around calls
    within calls, and takes the counting of bytes for a message."""
    for node in ast.walk(ast.parse(file.read())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if called in ("say", "mark") and len(texts) == 1 and texts[0]:
            yield node.lineno, called, texts[0], []
        elif called == "count" and len(node.args) > 2 and len(texts) == 2:
            yield node.lineno, called, (texts[0], texts[1]), []


METHODS: list[Any] = [("**.py", modules), ("**.html", "jinja2")]


def said(top: str = WEB) -> Catalog:
    """Every message of the sources, with the files that say it."""
    found = Catalog(domain="hb", project="hb-engine", charset="utf-8")
    for name, _, message, _, _ in extract_from_dir(
        top, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=(), strip_comment_tags=True
    ):
        found.add(message, None, [(f"faces/web/{name.replace(os.sep, '/')}", 0)])
    return found


def path_of(code: str) -> str:
    """Where a language's catalogue is kept."""
    return os.path.join(LOCALES, code, "LC_MESSAGES", "hb.po")


def kept(code: str) -> Catalog:
    """A language's catalogue as it is; empty where there is none yet."""
    if not os.path.exists(path_of(code)):
        return Catalog(locale=code, domain="hb")
    with open(path_of(code), "rb") as file:
        return read_po(file, locale=code, domain="hb", abort_invalid=True)


def merged(code: str, sources: Catalog, more: Catalog | None = None) -> Catalog:
    """The messages of the sources with what is translated of them; translations in `more` come first."""
    before = kept(code)
    made = Catalog(locale=code, domain="hb", project="hb-engine", charset="utf-8", fuzzy=False)
    for message in sources:
        if not message.id:
            continue
        known = (more.get(message.id) if more else None) or before.get(message.id)
        made.add(message.id, known.string if known else None, sorted(set(message.locations)))
    return made


def text(catalogue: Catalog) -> str:
    """A catalogue as it is written: in the order of its messages, with the files that say them, and no dates."""
    out = io.BytesIO()
    write_po(out, catalogue, width=116, sort_output=True, include_lineno=False, omit_header=True)
    head = (
        'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {plurals}\\n"\n\n'
    )
    return head.format(code=catalogue.locale, plurals=catalogue.plural_forms) + out.getvalue().decode()


def faults(code: str, sources: Catalog) -> Iterator[str]:
    """What is wrong with a language's catalogue, a sentence each."""
    known = kept(code)
    for message in sources:
        if message.id:
            found = known.get(message.id)
            yield from _faults(code, message, found)
    for message in known:
        if message.id and message.id not in sources:
            yield f"{code}: nobody says {_name(message)!r} any more"


def _faults(code: str, message: Message, found: Message | None) -> Iterator[str]:
    strings = _strings(found)
    if not strings or not all(strings):
        yield f"{code}: {_name(message)!r} is not translated"
        return
    if found and found.fuzzy:
        yield f"{code}: {_name(message)!r} is only a guess"
    wanted = set().union(*[NAMED.findall(one) for one in _ids(message)])
    for string in strings:
        names = set(NAMED.findall(string))
        # A plural form may leave its number out ("one port"); nothing may name what is not given.
        if names - wanted or wanted - names - ({"num"} if isinstance(message.id, (tuple, list)) else set()):
            yield f"{code}: {_name(message)!r} has {sorted(wanted)}, its translation {sorted(names)}"
        if _has_stray_percent(string) and not _has_stray_percent(_name(message)):
            yield f"{code}: the translation of {_name(message)!r} has a stray %"
        if ("<" in string) != ("<" in _name(message)):
            yield f"{code}: the translation of {_name(message)!r} has other markup"


def _has_stray_percent(text: str) -> bool:
    return "%" in NAMED.sub("", text).replace("%%", "")


def _strings(message: Message | None) -> tuple[str, ...]:
    """The translations of a message, one for each plural form."""
    found = message.string if message else None
    return (found,) if isinstance(found, str) else tuple(found or ())


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def _name(message: Message) -> str:
    return _ids(message)[0]


def main(line: list[str]) -> int:
    """Write, check or print; 1 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--missing", choices=CODES)
    parser.add_argument("--take", nargs=2, metavar=("CODE", "FILE"), help="take translations from a PO file")
    asked = parser.parse_args(line)
    sources = said()
    if asked.check:
        told = [fault for code in CODES for fault in faults(code, sources)]
        print("\n".join(told) if told else f"{len(sources)} messages, all in {len(CODES)} languages")
        return 1 if told else 0
    if asked.missing:
        print(text(_untranslated(asked.missing, sources)), end="")
        return 0
    more = None
    if asked.take:
        with open(asked.take[1], "rb") as file:
            more = read_po(file, locale=asked.take[0], domain="hb", abort_invalid=True)
    for code in (asked.take[0],) if asked.take else CODES:
        os.makedirs(os.path.dirname(path_of(code)), exist_ok=True)
        made = text(merged(code, sources, more))
        with open(path_of(code), "w", encoding="utf-8") as file:
            file.write(made)
    return 0


def _untranslated(code: str, sources: Catalog) -> Catalog:
    known = merged(code, sources)
    made = Catalog(locale=code, domain="hb", charset="utf-8", fuzzy=False)
    for message in known:
        if message.id and not all(_strings(message) or ("",)):
            made.add(message.id, None, message.locations)
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
