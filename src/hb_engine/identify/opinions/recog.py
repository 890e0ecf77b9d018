"""A user's own copy of Recog's XML, read by its published format into databases of fingerprints.

A file is <fingerprints matches="ssh.banner">: fingerprints with a pattern, flags, a description and parameters, of
which pos 0 has a fixed value and another is a group of the match. The format is that of Recog's README and its schema
(fingerprints.xsd). Examples are passed over. A document type is refused, and with it every entity that could grow:
no file of Recog has one. It compiles no pattern, and says what is wrong with the file's line.
"""

from __future__ import annotations

import os

from hb_engine.identify.opinions import reading
from hb_engine.identify.opinions.patterns import Pattern, literals
from hb_engine.identify.opinions.worker import DOTALL, IGNORECASE, MULTILINE, TEXT
from hb_engine.model.errors import DataError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

REMEDY = "Name Recog's folder of XML files or one of them, or leave --recog out."
WHAT = "Recog's folder of XML files, or one of them"
# Recog's Ruby has one flag for all of these: the dot matches a line's end too.
FLAGS = {
    "REG_ICASE": IGNORECASE,
    "IGNORECASE": IGNORECASE,
    "REG_DOT_NEWLINE": DOTALL,
    "REG_LINE_ANY_CRLF": DOTALL,
    "REG_MULTILINE": DOTALL,
}
ALWAYS = TEXT | MULTILINE  # in Ruby ^ and $ are the ends of lines
LONGEST = 8192  # characters of a description
MOST = 100_000  # fingerprints of one file


@record
class Parameter:
    """What a match tells: a fixed value (`group` 0), or the text of a group."""

    group: int
    name: str
    value: str = ""


@record
class Fingerprint:
    """One pattern and what it means. `line` is its own in the file."""

    line: int
    pattern: bytes  # UTF-8
    flags: int
    description: str = ""
    parameters: tuple[Parameter, ...] = ()


@record
class Database:
    """One file: fingerprints of one kind of text, such as ssh.banner."""

    file: str
    matches: str
    protocol: str = ""
    fingerprints: tuple[Fingerprint, ...] = ()


def load(path: str) -> tuple[Database, ...]:
    """All databases of a folder, or that of a file. Raises BadInput, DataError."""
    names = reading.folder(path, ".xml", WHAT) if os.path.isdir(path) else (path,)
    found = [parse(reading.one(name, WHAT), os.path.basename(name)) for name in names]
    databases = tuple([database for database in found if database is not None])
    if not databases:
        raise DataError(f"{path!r} has no fingerprints of Recog's", REMEDY)
    return databases


def parse(data: bytes, file: str) -> Database | None:
    """A file's bytes into a database; None for XML of another kind. Raises DataError with the line."""
    from xml.parsers import expat  # no tree is built, and a document type is seen before it means anything

    reader = _Reader(file)
    parser = expat.ParserCreate()
    reader.parser = parser
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DataError(f"{file}:{error.lineno}: {expat.errors.messages[error.code]}", REMEDY) from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows, or ours
        raise DataError(f"{file}:{parser.CurrentLineNumber}: {error}", REMEDY) from error
    return reader.database()


def spelled(one: Fingerprint) -> Pattern:
    """A fingerprint's pattern with the bytes that it needs."""
    return literals(one.pattern, ignore_case=bool(one.flags & IGNORECASE))


class _Reader:
    """What expat tells, element by element."""

    def __init__(self, file: str) -> None:
        self.parser: Any = None
        self._file = file
        self._root: dict[str, str] | None = None
        self._found = list[Fingerprint]()
        self._path = list[str]()
        self._line, self._pattern, self._flags = 0, b"", 0
        self._description, self._parameters = "", list[Parameter]()

    def database(self) -> Database | None:
        """What was read."""
        if self._root is None:
            return None
        return Database(self._file, self._root["matches"], self._root.get("protocol", ""), tuple(self._found))

    def doctype(self, *_: object) -> None:
        """A document type: there is none in Recog's files, and what it may define has no end."""
        raise ValueError("a document type (<!DOCTYPE) is not taken")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._path.append(name)
        if len(self._path) > 20:
            raise ValueError("elements inside elements, more than 20 deep")
        if self._path == ["fingerprints"]:
            self._root = attributes if attributes.get("matches") else None
        elif self._path == ["fingerprints", "fingerprint"]:
            self._begin(attributes)
        elif self._path == ["fingerprints", "fingerprint", "param"]:
            self._parameters.append(_parameter(attributes))

    def text(self, data: str) -> None:
        """Characters: only those of a description are kept."""
        if self._path == ["fingerprints", "fingerprint", "description"] and len(self._description) < LONGEST:
            self._description += data[:LONGEST]

    def end(self, _name: str) -> None:
        """An element ends."""
        if self._root is not None and self._path == ["fingerprints", "fingerprint"]:
            if len(self._found) >= MOST:
                raise ValueError(f"more than {MOST} fingerprints")
            words = " ".join(self._description.split())
            made = Fingerprint(self._line, self._pattern, self._flags, words, tuple(self._parameters))
            self._found.append(made)
        self._path.pop()

    def _begin(self, attributes: dict[str, str]) -> None:
        if "pattern" not in attributes:
            raise ValueError("a fingerprint without a pattern")
        self._line = self.parser.CurrentLineNumber
        self._pattern = attributes["pattern"].encode()
        self._flags = ALWAYS
        for flag in attributes.get("flags", "").replace("|", ",").split(","):
            if flag.strip() and flag.strip() not in FLAGS:
                raise ValueError(f"{flag.strip()[:40]!r} is no flag of Recog's")
            self._flags |= FLAGS.get(flag.strip(), 0)
        self._description = ""
        self._parameters = []


def _parameter(attributes: dict[str, str]) -> Parameter:
    position, name = attributes.get("pos", ""), attributes.get("name", "")
    if not name or not (position.isascii() and position.isdigit() and len(position) < 4):
        raise ValueError("a param has a pos (a number) and a name")
    return Parameter(int(position), name, attributes.get("value", ""))
