"""One language of the pages: its words (Babel's catalogues), its numbers and dates, and its addresses.

A message id is the English text. Catalogues are read as they are kept, locales/xx/LC_MESSAGES/hb.po: there is nothing
to compile and nothing that can be older than its source. tests/faces/web/test_language.py fails on a missing word.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext as texts
import io
import os

from babel import Locale, dates, numbers
from babel.messages import mofile, pofile
from babel.support import Translations

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locales")
DEFAULT = "en"
CODES = ("en", "ro", "de", "fr", "es", "ja")
DOMAIN = "hb"
DATES = {"en": "en_GB"}  # days before months and 24 hours, as everywhere else in hb


def mark(message: str) -> str:
    """A message id that stands in a table, and is said later: tools find it by this name."""
    return message


class Language:
    """Words, numbers and dates as one language has them. Times are seconds since the epoch, shown in local time."""

    def __init__(self, code: str) -> None:
        self.code, self.locale, self.catalogue = code, Locale.parse(DATES.get(code, code)), _catalogue(code)
        self.number = functools.lru_cache(maxsize=1 << 14)(self._number)
        self.moment = functools.lru_cache(maxsize=4096)(self._moment)
        self.day = functools.lru_cache(maxsize=4096)(self._day)
        self._length = functools.lru_cache(maxsize=4096)(self._told_length)
        self._list = functools.lru_cache(maxsize=4096)(self._told_list)

    @functools.cached_property
    def name(self) -> str:
        """What the language calls itself."""
        return (self.locale.get_language_name(self.code) or self.code).capitalize()

    def say(self, message: str, **values: object) -> str:
        """A message in this language; %(name)s in it are the values."""
        told = self.catalogue.gettext(message)
        return told % values if values else told

    def count(self, one: str, many: str, num: int, **values: object) -> str:
        """A message with the plural form that a number wants; %(num)s is the number as the language writes it."""
        return self.catalogue.ngettext(one, many, num) % {"num": self.number(num), **values}

    def url(self, path: str) -> str:
        """An address of ours: /ports/1703 in English, /ro/ports/1703 in Romanian."""
        return path if self.code == DEFAULT else f"/{self.code}{path}"

    def listed(self, words: list[str]) -> str:
        """Words as a sentence lists them: a, b and c."""
        return self._list(tuple(words)) if words else ""

    def ago(self, then: float, now: float) -> str:
        """How long ago, or how far ahead, a time is; less than a second is now."""
        if abs(then - now) < 1:
            return self.say("now")
        return self._length(round(then - now), ahead=True)

    def span(self, seconds: float) -> str:
        """A length of time in its largest fitting unit."""
        return self._length(round(seconds), ahead=False)

    def _told_length(self, seconds: int, *, ahead: bool) -> str:
        """Whole seconds in their largest fitting unit; `ahead` says whether they are gone or to come."""
        length = dt.timedelta(seconds=seconds)
        return _spaced(dates.format_timedelta(length, add_direction=ahead, locale=self.locale, threshold=1.2))

    def _told_list(self, words: tuple[str, ...]) -> str:
        from babel.lists import format_list  # a sentence in ten

        return format_list(list(words), locale=self.locale)

    def _number(self, value: float) -> str:
        return _spaced(numbers.format_decimal(value, locale=self.locale))

    def _moment(self, when: float) -> str:
        return _spaced(dates.format_datetime(_local(when), "medium", locale=self.locale))

    def _day(self, when: float) -> str:
        return _spaced(dates.format_date(_local(when), "long", locale=self.locale))


@functools.cache
def language(code: str) -> Language:
    """A language by its code, one of CODES. Raises KeyError for another."""
    if code not in CODES:
        raise KeyError(code)
    return Language(code)


def preferred(accepted: str) -> str:
    """The code of the language that a browser likes best (RFC 9110 12.5.4); English where it likes none of ours."""
    wanted: list[tuple[float, int, str]] = []
    for part in accepted[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), len(wanted), tag.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    return next((tag for weight, _, tag in sorted(wanted) if weight < 0 and tag in CODES), DEFAULT)


def _spaced(told: str) -> str:
    # CLDR's numbers and times hold U+00A0 and U+202F, which would be shown as strangers' invisible characters are.
    return told.replace("\u00a0", " ").replace("\u202f", " ")


def _local(when: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(when).astimezone()


def _catalogue(code: str) -> texts.NullTranslations:
    path = os.path.join(HERE, code, "LC_MESSAGES", f"{DOMAIN}.po")
    if code == DEFAULT or not os.path.exists(path):
        return texts.NullTranslations()
    with open(path, "rb") as file:
        read = pofile.read_po(file, locale=code, domain=DOMAIN, abort_invalid=True)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
