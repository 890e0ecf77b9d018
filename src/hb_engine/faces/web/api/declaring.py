"""What an address of the API is: a route with its parameters, each bounded, and the reading of what was asked.

    ROUTE = Route("/ports", "ports", "Every port", Ports, (LIMIT, CURSOR, Parameter("q", "words to find")))

The same declaration reads the parameters and writes the OpenAPI document, so that neither can say what the other does
not. It refuses to overlook anything: a parameter that there is not, one that is given twice, or a value that does not
fit is an error that says what was probably meant. RFC 3986 3.4 (query), RFC 9110 15.5.1 (400).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from hb_engine.model.errors import BadInput
from hb_engine.model.nearest import nearest
from hb_engine.model.record import record

LONGEST_QUERY = 4096  # bytes after ?
MOST = 500  # items of one answer
USUAL = 100


@record
class Parameter:
    """One thing that may be asked. `kind` is text, number, word (one of `words`) or truth (true or false).

    Numbers lie between `first` and `last`; texts have 1 to `longest` characters, and fit `pattern`, where there is one.
    """

    name: str
    summary: str
    kind: str = "text"
    words: tuple[str, ...] = ()
    first: int = 0
    last: int = 65535
    longest: int = 200
    pattern: str = ""
    usual: int | str | None = None  # what holds where nothing is said

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        kinds: dict[str, dict[str, Any]] = {
            "number": {"type": "integer", "minimum": self.first, "maximum": self.last},
            "word": {"type": "string", "enum": list(self.words)},
            "truth": {"type": "boolean"},
            "text": {"type": "string", "minLength": 1, "maxLength": self.longest},
        }
        told = kinds[self.kind]
        if self.pattern:
            told["pattern"] = self.pattern
        return told if self.usual is None else {**told, "default": self.usual}

    def value(self, text: str) -> Any:
        """What a text means as this parameter. Raises BadInput."""
        if self.kind == "number":
            return self._number(text)
        if self.kind == "truth" and text in ("true", "false"):
            return text == "true"
        if self.kind in ("word", "truth"):
            words = self.words or ("true", "false")
            return text if text in words else self._refuse(text, words)
        if not 1 <= len(text) <= self.longest:
            raise BadInput(
                f"{self.name} has {len(text)} characters", f"It may have 1 to {self.longest}: {self.summary}."
            )
        return text

    def _number(self, text: str) -> int:
        plain = text.isascii() and text.isdigit() and len(text) < 10 and str(int(text)) == text
        if plain and self.first <= int(text) <= self.last:
            return int(text)
        raise BadInput(f"{self.name}={_cut(text)} is no number that fits", f"It lies from {self.first} to {self.last}.")

    def _refuse(self, text: str, words: tuple[str, ...]) -> str:
        meant = nearest(text, words)
        hint = f"Did you mean {meant}? " if meant else ""
        raise BadInput(f"{self.name}={_cut(text)} is no word for it", f"{hint}There are {', '.join(words)}.")


@record
class Route:
    """An address below /api/v1, in braces what varies, with what may be asked after ?.

    `name` is its operationId and the mark of its cursors; `answer` the msgspec.Struct that describes what comes. `kept`
    is false where an answer may differ though nothing that is shown has changed: it has no ETag then.
    """

    path: str
    name: str
    summary: str
    answer: Any
    parameters: tuple[Parameter, ...] = ()
    order: str = ""  # of a list's items, in words
    needs_look: bool = True  # 503 until somebody has looked
    needs_rules: bool = False  # 503 while no machine was held against rules
    kept: bool = True
    asks: bool = False  # the process that has rights, which may not answer (502)
    required: tuple[str, ...] = ()  # parameters that must be given


LIMIT = Parameter("limit", "how many items at most", "number", first=1, last=MOST, usual=USUAL)
CURSOR = Parameter(
    "cursor", "where to go on: `next` of the answer before, as it was", longest=400, pattern="^[A-Za-z0-9_-]+$"
)
PATHS = {
    "port": Parameter("port", "the number of a port", "number"),
    "transport": Parameter("transport", "a transport", "word", ("tcp", "udp", "udplite", "sctp", "dccp")),
    "name": Parameter("name", "a machine's name, or ~ and the first 16 hex digits of its SHA-256", pattern="^[^/]+$"),
    "id": Parameter(
        "id", "an opening: the first 16 hex digits of its key's SHA-256", longest=16, pattern="^[0-9a-f]{16}$"
    ),
}


def read(route: Route, query: bytes) -> dict[str, Any]:
    """What was asked after ?, by name, with the usual value for what was not said. Raises BadInput."""
    if len(query) > LONGEST_QUERY:
        raise BadInput(f"the question is longer than {LONGEST_QUERY} bytes", "Ask in fewer words.")
    known = {one.name: one for one in route.parameters}
    found: dict[str, Any] = {}
    for part in filter(None, query.split(b"&")):
        name, _, text = part.partition(b"=")
        asked = _decoded(name)
        if asked not in known:
            raise BadInput(f"there is no parameter {_cut(asked)}", _known(asked, tuple(known)))
        if asked in found:
            raise BadInput(f"{asked} is given twice", "Give it once.")
        found[asked] = known[asked].value(_decoded(text))
    for one in known.values():
        if one.name in route.required and one.name not in found:
            raise BadInput(f"{one.name} is missing", f"Give {one.name}: {one.summary}.")
    return {name: one.usual for name, one in known.items()} | found


def _known(asked: str, names: tuple[str, ...]) -> str:
    if not names:
        return "This address takes none."
    meant = nearest(asked, names)
    return f"{f'Did you mean {meant}? ' if meant else ''}There are {', '.join(names)}."


def _decoded(part: bytes) -> str:
    try:
        return unquote_plus(part.decode("ascii"), errors="strict")
    except UnicodeDecodeError as error:
        raise BadInput("the question holds bytes that are no UTF-8", "Percent-encode it as UTF-8.") from error


def _cut(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
