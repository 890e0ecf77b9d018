"""What a TOML syntax error probably is, in words: tomllib says what it expected, a person wants to know what to type.

tomllib's place is kept where it is right, and moved to where the slip is where that can be seen. It refuses to correct
anything: the text is read only as it stands.
"""

from __future__ import annotations

from hb_engine.baseline.language import times
from hb_engine.baseline.language.nodes import Mistake, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.baseline.language.toml_places import Twice

# Which look like quotes, and are none.
QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb`\u2033"
COMMENTS = ("//", "/*", ";", "--", "<!--", "'''", "rem ", "REM ")
LISTS = ("role", "require", "allow", "forbid", "window")
KEYLESS = ("Expected '=' after a key", "Invalid statement", "Invalid initial character for a key part")
HEADERS = ("Expected ']", "Invalid initial character for a key part", "Invalid statement", "Expected newline")
STRINGS = ("Unterminated string", "Illegal character", "Found invalid character", "Expected \"'")
AFTER = "Expected newline or end of document"


def explained(text: str, told: str, twice: Twice = ()) -> Mistake:
    """The mistake that tomllib's message speaks of. `twice`: keys that are there twice, (key, place, first place)."""
    at = _offset(text, told)
    begin = text.rfind("\n", 0, at) + 1
    if begin >= len(text) > 0 or not text[begin:].strip():
        begin = text.rfind("\n", 0, len(text.rstrip())) + 1
    end = text.find("\n", begin)
    line = text[begin : end if end >= 0 else len(text)]
    if told.startswith("Exceeds the limit"):  # of Python, for digits; it tells no place
        return _too_many_digits(text)
    slip = _strange(text, at) or _slip(text, told, at, line, begin, twice)
    return slip or Mistake(f"this is no TOML: {told.partition(' (at ')[0]}", min(at, len(text)), "Correct it.")


def _strange(text: str, at: int) -> Mistake | None:
    """A character at the place of the error that nobody sees, or that only looks like a space."""
    letter = text[at : at + 1]
    if not letter or letter in " \t\n" or (letter.isprintable() and not letter.isspace()):
        return None
    if letter.isspace() and not letter.isascii():
        return Mistake(f"{shown(letter)} looks like a space, and is another character", at, "Type a space.")
    hint = f"Write \\u{ord(letter):04x} in a text, or leave it out."
    return Mistake(f"the character {shown(letter)} may not stand here", at, hint)


def _too_many_digits(text: str) -> Mistake:
    import re  # only for a number of thousands of digits

    found = re.search(r"\d{4301}", text.replace("_", "0"))
    return Mistake("this number is longer than any that a baseline needs", found.start() if found else 0, "Shorten it.")


def without(text: str, at: int) -> str:
    """The text without the block around an offset: blanks in its place, so that all others keep theirs."""
    begin = text.rfind("\n[", 0, at + 1) + 1
    end = text.find("\n[", at)
    end = len(text) if end < 0 else end
    return text[:begin] + "\n".join([" " * len(line) for line in text[begin:end].split("\n")]) + text[end:]


def _slip(  # noqa: PLR0917 - what tomllib said, and the line that it said it of
    text: str, told: str, at: int, line: str, begin: int, twice: Twice
) -> Mistake | None:
    if line.lstrip().startswith("[") and told.startswith(HEADERS):
        return _header(line, begin)
    if told.startswith(("Cannot declare", "Cannot overwrite", "Duplicate inline", "Cannot mutate", "Cannot redefine")):
        return _twice(text, told, line, begin, twice)
    if told.startswith(KEYLESS):
        return _key(text, told, line, begin, at)
    if told.startswith(STRINGS):
        return _open_string(text, line, begin, at)
    if told.startswith(("Unescaped '\\'", "Invalid hex", "Escaped character")):
        return _escape(text, told, at)
    if told.startswith(("Unclosed array", "Unclosed inline")):
        return _unclosed(text, at, begin)
    if told.startswith(AFTER):
        return _after(line, begin, at)
    if told.startswith(("Invalid value", "Invalid date")):
        return _value(text, line, begin, at)
    return None


def _header(line: str, begin: int) -> Mistake:
    stripped = line.strip()
    at = begin + len(line) - len(line.lstrip())
    name = stripped.strip("[]").partition("]")[0].partition("#")[0].strip()
    many = name in LISTS or stripped.startswith("[[")
    meant = f"[[{name}]]" if many else f"[{name}]"
    if not name:
        return Mistake("this table has no name", at, "Write such as [[allow]].")
    if " " in name:
        return Mistake(f"{shown(name)} is no table's name", at, f"Write such as [[{name.split()[0]}]].")
    odd = next((letter for letter in name if not letter.isascii()), "")
    if odd:
        told = f"the letter {shown(odd)} (U+{ord(odd):04X}) has no place in a table's name"
        return Mistake(told, begin + line.index(odd), "Type plain letters: some of other alphabets look the same.")
    if stripped.startswith(meant):
        return Mistake("something stands after this header", at + len(meant), "Write one key a line, below it.")
    return Mistake(f"the brackets of this {shown(name)} do not match", at, f"Write {meant}.")


def _twice(text: str, told: str, line: str, begin: int, twice: Twice) -> Mistake:
    stripped = line.strip()
    if stripped.startswith("["):
        at = begin + len(line) - len(line.lstrip())
        name = stripped.strip("[]").partition("]")[0].strip()
        first = _first_header(text, name, begin)
        since = f", first in line {first}" if first else ""
        if name in LISTS:
            mixed = "in single and in double brackets" if "[[" in stripped or since == "" else f"here twice{since}"
            return Mistake(f"{shown(name)} is {mixed}", at, f"Write [[{name}]] each time.", "brackets")
        return Mistake(f"the table {shown(name)} is here twice{since}", at, "Put both together.", "twice")
    for key, place, first in twice:
        if place < begin + len(line) + 1:
            number = text.count("\n", 0, first) + 1
            found = Mistake(f"{shown(key)} is here twice, first in line {number}", place, "Leave one out.", "twice")
            if place >= text.rfind("\n[", 0, begin + 1):
                return found
    key = line.partition("=")[0].strip() or told
    return Mistake(f"{shown(key)} is here twice", begin, "Leave one out.", "twice")


def _first_header(text: str, name: str, before: int) -> int:
    for number, line in enumerate(text[:before].split("\n"), 1):
        if line.strip().strip("[]").strip() == name and line.strip().startswith("["):
            return number
    return 0


def _key(text: str, told: str, line: str, begin: int, at: int) -> Mistake | None:
    stripped = line.strip()
    start = begin + len(line) - len(line.lstrip())
    if stripped.startswith(COMMENTS):
        return Mistake("comments begin with #", start, f"Write # {stripped.lstrip('/*;-<! ')[:40]}".rstrip() + ".")
    if stripped[:1] == "{" and not text[:start].strip():
        return Mistake("this looks like JSON", start, "Rename the file so that it ends in .json.", "format")
    if stripped == "---" or (stripped.startswith("- ") and ":" in stripped):
        return Mistake("this looks like YAML", start, "Rename the file so that it ends in .yaml.", "format")
    if stripped and stripped[0] in QUOTES:
        return Mistake(f"{shown(stripped[0])} is no quote that TOML knows", start, 'Write ".')
    opened = text.rfind("{", begin, at)
    if opened >= 0 and text[at : at + 1] in ("\n", "", "#") and "Invalid initial" in told:
        hint = "Or write it as a table of its own, below a header in brackets."
        return Mistake("what stands in { } stands on one line", opened, hint)
    if opened >= 0 and text[opened:at].strip("{ \t\"'") and told.startswith("Expected '='"):
        hint = "A list stands in [ ]; in { } stand keys with = and their values."
        return Mistake("a key is missing in these { }", opened, hint)
    key, place, rest = _after_key(line)
    if not key:
        return _no_key(stripped, start)
    if key[0] == ".":
        return Mistake("a key begins with a dot", start, "Leave it out.")
    at = begin + place
    if rest[:1] == ":":
        bare = rest.lstrip(":=> ").strip()
        if not bare and key in (*LISTS, "defaults"):
            return Mistake("this looks like YAML", begin, "Rename the file so that it ends in .yaml.", "format")
        return Mistake("a key is followed by =, not :", at, f"Write {key} = {_in_quotes(bare)}.")
    if not rest:
        return Mistake(f"{shown(key)} has no value", at, f'Write such as {key} = "...".')
    if rest[:1] == "=":
        return Mistake("a key ends with a dot", start + len(key) - 1, "Leave it out.") if key.endswith(".") else None
    if not rest[:1].isascii() and text[at - 1 : at].isalnum():
        return _no_key(stripped, start)
    if "=" in rest and '"' not in rest.partition("=")[0]:
        meant = f"{key}-{rest.partition('=')[0].strip().replace(' ', '-')}"
        return Mistake("a key is one word", at, f"Write {meant} ={rest.partition('=')[2]}.")
    return Mistake(f"= is missing after {shown(key)}", at, f"Write {key} = {_in_quotes(rest)}.")


def _no_key(stripped: str, start: int) -> Mistake:
    if stripped[:1] == "=":
        return Mistake("a key is missing before =", start, 'Write such as owner = "team-web".')
    if stripped[:1] == "]":
        return Mistake("this ] closes nothing", start, "Leave it out, or open it with [ before.")
    word = stripped.split("=", maxsplit=1)[0].strip() or stripped[:1]
    return Mistake(f"{shown(word, 40)} is no key", start, "Keys are letters, digits, - and _.")


def _after_key(line: str) -> tuple[str, int, str]:
    """The bare key that a line begins with, where it ends, and what stands after it."""
    stripped = line.lstrip()
    size = next(
        (at for at, letter in enumerate(stripped) if not (letter.isascii() and (letter.isalnum() or letter in "-_."))),
        len(stripped),
    )
    rest = stripped[size:]
    at = len(line) - len(stripped) + size + len(rest) - len(rest.lstrip())
    return stripped[:size], at, rest.strip()


def _in_quotes(value: str) -> str:
    """A value as it was probably meant; what is one already stays."""
    bare = value.partition(" #")[0].strip().rstrip(",;")
    if bare[:1] in ('"', "'", "[") or bare in ("true", "false"):
        return bare[:60]
    bare = bare.strip(QUOTES)
    if bare[-1:] in ('"', "'") and bare.count(bare[-1]) == 1:  # only the first one was forgotten
        bare = bare[:-1]
    if times.is_date(bare):
        return bare
    return f"'{bare[:60]}'" if '"' in bare or "\\" in bare else f'"{bare[:60]}"'


def _open_string(text: str, line: str, begin: int, at: int) -> Mistake:
    start = _string_start(line)
    if start is None:  # a text over lines, which began further up
        for quote in ('"""', "'''"):
            if text.count(quote) % 2:
                return Mistake("this text is never closed", text.rfind(quote), f"Close it with {quote}.")
        return Mistake("a text is never closed", min(at, len(text)), "Close it with the quote that it begins with.")
    quote = line[start]
    if line.startswith(quote * 3, start):
        return Mistake("this text is never closed", begin + start, f"Close it with {quote * 3}.")
    hint = f"Close it with {quote} at its end; a text over lines stands in {quote * 3}."
    return Mistake("this text is never closed on its line", begin + start, hint)


def _string_start(line: str) -> int | None:
    """Where the string begins that is open at the end of a line."""
    quote, start, at = "", 0, 0
    while at < len(line):
        letter = line[at]
        if quote:
            if letter == "\\" and quote == '"':
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "\"'":
            quote, start = letter, at
            if line.startswith(letter * 3, at):
                return at
        elif letter == "#":
            break
        at += 1
    return start if quote else None


def _escape(text: str, told: str, at: int) -> Mistake:
    place = text.rfind("\\", 0, at + 2)
    place = at if place < 0 else place
    if told.startswith("Unescaped"):
        found = text[place : place + 2]
        hint = "Write \\\\ for a backslash, or put the text in single quotes."
        return Mistake(f"{found} stands for nothing in a text", place, hint)
    return Mistake(
        "these digits stand for no character",
        place,
        "After \\u come four digits of 0 to 9 and a to f, after \\U eight.",
    )


def _unclosed(text: str, at: int, begin: int) -> Mistake:
    """Of a list or an inline table; `at` is where its end or a comma was expected."""
    letter = text[at : at + 1]
    if letter and (letter in "\"'[{" or letter.isalnum()):
        return Mistake("a comma is missing before this", at, "Write one.")
    opened = max(text.rfind("[", 0, at), text.rfind("{", 0, at))
    if opened < 0:
        return Mistake("a bracket is never closed", begin, "Close it.")
    sign = text[opened]
    if sign == "{" and "\n" in text[opened:at]:
        hint = "Or write it as a table of its own, below a header in brackets."
        return Mistake("what stands in { } stands on one line", opened, hint)
    return Mistake(f"this {sign} is never closed", opened, f"Close it with {']' if sign == '[' else '}'}.")


def _after(line: str, begin: int, at: int) -> Mistake:
    rest = line[at - begin :].strip() if at >= begin else line.strip()
    value = line[: at - begin].partition("=")[2].strip()
    key = line.partition("=")[0].strip()
    if rest[:1] in (",", ";"):
        return Mistake(f"{shown(rest[0])} has no place at the end of a line", at, "Leave it out.")
    if rest.startswith(("//", "--")):
        return Mistake("comments begin with #", at, f"Write # {rest.lstrip('/- ')[:40]}.")
    if value[:1] in ('"', "'") and rest[:1] not in ("", "#"):
        if "=" in rest and rest.partition("=")[0].strip().replace("-", "").replace("_", "").isalnum():
            return Mistake("one key stands on a line", at, f"Begin a new line before {rest.partition('=')[0].strip()}.")
        if value[0] in rest or rest[:1].isalnum():
            other = "'" if value[0] == '"' else '"'
            hint = (
                f"Write \\{value[0]} inside of it, or put it in {other}." if value[0] == '"' else f"Put it in {other}."
            )
            return Mistake("the text ends here, and more follows", at, hint)
    if value[:1].isdigit() or value[:1] in "+-.":
        whole = line.partition("=")[2].partition("#")[0].strip()
        return _number(key, whole, begin + line.index(whole))
    if value in ("true", "false") or not value:
        whole = line.partition("=")[2].strip()
        return Mistake(
            "text stands in quotes", begin + line.index(whole) if whole else at, f"Write {key} = {_in_quotes(whole)}."
        )
    if rest[:1] in ("]", "}"):
        return Mistake(f"this {rest[0]} closes nothing", at, "Leave it out.")
    return Mistake(f"{shown(rest, 30)} stands after the value", at, "Leave it out, or begin a new line.")


def _number(key: str, whole: str, at: int) -> Mistake:
    """A value that begins with a digit, and is no number and no date: 180d, 2027-6-30, 0777, 10.0.0.1."""
    slip = _date(whole)
    if slip and slip.remedy != times.DATE:
        bare = slip.remedy.removeprefix("Write ")
        known = bare != slip.remedy and bare[:1].isdigit()
        return Mistake(slip.message, at + slip.at, f"Write {key} = {bare}" if known else slip.remedy)
    return Mistake("text stands in quotes", at, f"Write {key} = {_in_quotes(whole)}.")


def _date(text: str) -> Mistake | None:
    try:
        times.moment(text, ends=False)
    except Mistake as mistake:
        return mistake
    return None


def _value(text: str, line: str, begin: int, at: int) -> Mistake:
    key = line.partition("=")[0].strip()
    in_list = at > begin + len(line.partition("=")[0]) + 1 and "[" in line[: at - begin].partition("=")[2]
    end = next(
        (place for place in range(at, len(text)) if text[place] in ("\n", *((",", "]") if in_list else ()))), len(text)
    )
    value = text[at:end].partition(" #")[0].strip()
    if in_list and at == len(text):
        return _unclosed(text, at, begin)
    if in_list and text[at] == ",":
        return Mistake("there is a comma here with nothing beside it", at, "Leave it out.")
    if not value or value[0] == "#":
        return Mistake(
            "nothing stands after =" if not in_list else "a value is missing here", at, f'Write such as {key} = "...".'
        )
    if value[0] in QUOTES:
        return Mistake(f"{shown(value[0])} is no quote that TOML knows", at, f"Write {_in_quotes(value)}.")
    if value.lower() in ("true", "false"):
        return Mistake("true and false are written in small letters", at, f"Write {value.lower()}.")
    if value[0] == "=":
        return Mistake("one = is enough", at, f"Write {key} = {_in_quotes(value.lstrip('=> '))}.")
    if value[0].isdigit():
        return _number(key, value, at)
    meant = _in_quotes(value)
    return Mistake(
        "text stands in quotes", at, f"Write {meant}." if in_list or "=" not in line else f"Write {key} = {meant}."
    )


def _offset(text: str, told: str) -> int:
    """tomllib ends its messages with (at line 3, column 7) or (at end of document)."""
    place = told.rpartition("(at line ")[2].rstrip(")").split(", column ")
    if len(place) != 2 or not all(number.isdigit() for number in place):
        return len(text)
    at = 0
    for _ in range(int(place[0]) - 1):
        at = text.find("\n", at) + 1
    return min(at + int(place[1]) - 1, len(text))
