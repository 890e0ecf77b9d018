"""What a verb takes, declared once: the parser, the help, the completion and the reference pages read the same values.

argparse costs a third of hb port's whole budget, so a small parser stands here. It knows what people expect of a
command line: --long, --long=value, -s value, -svalue, clustered shorts, `--`, unambiguous abbreviations, repeated
options, lists with commas. It refuses to guess: what it does not know is BadInput that says what was probably meant.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Value: TypeAlias = "bool | str | int | tuple[str, ...]"


@record
class Option:
    """One option. `value` is what help calls its argument, empty for a flag; `kind` is text, int or list.

    A list takes its items with commas or by repeating the option; anything else that is repeated takes the last.
    `choices` are for text and list; `low` and `high` bound an int.
    """

    name: str
    help: str
    short: str = ""
    value: str = ""
    kind: str = "text"
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@record
class Argument:
    """What stands on the line without a dash: at least `least`, at most `most` of them (None: any number)."""

    name: str
    help: str
    least: int = 0
    most: int | None = None
    choices: tuple[str, ...] = ()


@record
class Verb:
    """A verb: its name, what it does in a line, and what it takes. `examples` are command lines with what they do."""

    name: str
    summary: str
    argument: Argument | None = None
    options: tuple[Option, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    detail: str = ""


JSON = Option("json", "one JSON document, schema hb/1")
HELP = Option("help", "this text", short="h")


class Asked:
    """What a person asked of a verb. Options that were not given are False, "", None or ()."""

    __slots__ = ("_given", "words")

    def __init__(self, given: dict[str, Value], words: tuple[str, ...]) -> None:
        self._given = given
        self.words = words

    def flag(self, name: str) -> bool:
        """Whether a flag was given."""
        return self._given.get(name) is True

    def text(self, name: str) -> str:
        """The value of a text option, empty where it was not given."""
        value = self._given.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """The value of an int option."""
        value = self._given.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def many(self, name: str) -> tuple[str, ...]:
        """The items of a list option, in order."""
        value = self._given.get(name, ())
        return value if isinstance(value, tuple) else ()


def parse(verb: Verb, line: list[str]) -> Asked:
    """What a line asks of a verb. Raises BadInput, with what was probably meant as its remedy."""
    given: dict[str, Value] = {}
    words: list[str] = []
    rest = list(line)
    while rest:
        token = rest.pop(0)
        if token == "--":  # noqa: S105 - a word of the line, no secret
            words += rest
            break
        if token.startswith("--"):
            _long(verb, token, rest, given)
        elif len(token) > 1 and token[0] == "-" and not _negative(verb, token):
            _short(verb, token, rest, given)
        else:
            words.append(token)
    if not given.get("help"):
        _check_words(verb, words)
    return Asked(given, tuple(words))


def all_options(verb: Verb) -> tuple[Option, ...]:
    """A verb's own options, and the one that every verb has."""
    return (*verb.options, HELP)


def usage(verb: Verb) -> str:
    """hb ls [OPTIONS] [WORD...], as help and errors begin."""
    name = "" if verb.name == "summary" else f" {verb.name}"
    words = ""
    if verb.argument:
        dots = "..." if verb.argument.most != 1 else ""
        words = f" {verb.argument.name}{dots}" if verb.argument.least else f" [{verb.argument.name}{dots}]"
    return f"hb{name} [OPTIONS]{words}"


def _long(verb: Verb, token: str, rest: list[str], given: dict[str, Value]) -> None:
    name, equals, value = token[2:].partition("=")
    option = _named(verb, name)
    if not option.value:
        if equals:
            raise BadInput(f"--{option.name} takes no value", f"Type --{option.name} alone.")
        given[option.name] = True
        return
    if not equals:
        value = _next(option, f"--{option.name}", rest)
    _put(option, f"--{option.name}", value, given)


def _named(verb: Verb, name: str) -> Option:
    options = all_options(verb)
    exact = [option for option in options if option.name == name]
    found = exact or [option for option in options if name and option.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join([f"--{option.name}" for option in found])
        raise BadInput(f"--{name} could be {names}", "Type more letters of it.")
    raise _unknown(verb, f"--{name}", [f"--{option.name}" for option in options])


def _short(verb: Verb, token: str, rest: list[str], given: dict[str, Value]) -> None:
    """-w, -wt tcp, -ttcp: flags may share a dash, the first option with a value takes what follows."""
    for place, letter in enumerate(token[1:], 2):
        option = next((option for option in all_options(verb) if option.short == letter), None)
        if option is None:
            whole = [f"--{option.name}" for option in all_options(verb)]
            raise _unknown(verb, f"-{letter}" if place == 2 else f"-{letter} (in {token})", whole, f"-{token}")
        if option.value:
            value = token[place:].removeprefix("=") or _next(option, f"-{letter}", rest)
            _put(option, f"-{letter}", value, given)
            return
        given[option.name] = True


def _unknown(verb: Verb, shown: str, options: list[str], guess: str = "") -> BadInput:
    from hb_engine.model.nearest import nearest  # only when something was mistyped

    meant = nearest(guess or shown, options)
    command = "hb" if verb.name == "summary" else f"hb {verb.name}"
    remedy = f"Did you mean {meant}?" if meant else f"See {command} --help."
    return BadInput(f"{command} has no option {shown}", remedy)


def _next(option: Option, shown: str, rest: list[str]) -> str:
    if not rest or (rest[0].startswith("-") and len(rest[0]) > 1 and not rest[0][1].isdigit()):
        raise BadInput(f"{shown} needs a value: {option.value}", _expected(option))
    return rest.pop(0)


def _put(option: Option, shown: str, value: str, given: dict[str, Value]) -> None:
    if option.kind == "int":
        given[option.name] = _integer(option, shown, value)
    elif option.kind == "list":
        items = tuple([item.strip() for item in value.split(",") if item.strip()])
        before = given.get(option.name, ())
        given[option.name] = (
            *(before if isinstance(before, tuple) else ()),
            *[_choice(option, shown, i) for i in items],
        )
        if not items:
            raise BadInput(f"{shown} needs a value: {option.value}", _expected(option))
    else:
        given[option.name] = _choice(option, shown, value)


def _choice(option: Option, shown: str, value: str) -> str:
    if not option.choices or value in option.choices:
        return value
    from hb_engine.model.nearest import nearest  # only when something was mistyped

    meant = nearest(value, option.choices)
    raise BadInput(f"{shown} cannot be {value!r}", f"Did you mean {meant}?" if meant else _expected(option))


def _integer(option: Option, shown: str, value: str) -> int:
    sign = value[:1] if value[:1] in "+-" else ""
    if not (value[len(sign) :].isascii() and value[len(sign) :].isdigit()) or len(value) > 18:
        raise BadInput(f"{shown} needs a number, not {value!r}", _expected(option))
    number = int(value)
    if (option.low is not None and number < option.low) or (option.high is not None and number > option.high):
        raise BadInput(f"{shown} cannot be {number}", _expected(option))
    return number


def _expected(option: Option) -> str:
    if option.choices:
        return f"It is one of {', '.join(option.choices)}."
    if option.kind == "int" and option.low is not None and option.high is not None:
        return f"It is a number from {option.low} to {option.high}."
    return f"It takes {option.help}."


def _negative(verb: Verb, token: str) -> bool:
    """-1 is a word (and somebody's bad port) unless the verb has an option of that digit."""
    return token[1:].isdigit() and not any(option.short == token[1] for option in verb.options)


def _check_words(verb: Verb, words: list[str]) -> None:
    argument = verb.argument
    if argument is None:
        if words:
            raise BadInput(f"hb {verb.name} takes no {words[0]!r}", f"Usage: {usage(verb)}")
        return
    if len(words) < argument.least:
        raise BadInput(f"hb {verb.name} needs {argument.name}: {argument.help}", f"Usage: {usage(verb)}")
    if argument.most is not None and len(words) > argument.most:
        raise BadInput(f"{words[argument.most]!r} is one word too many", f"Usage: {usage(verb)}")
    for word in words if argument.choices else ():
        if word not in argument.choices:
            raise BadInput(f"hb {verb.name} knows no {word!r}", f"It is one of {', '.join(argument.choices)}.")
