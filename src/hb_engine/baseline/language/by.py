"""`by` and `when`: who may hold it, or which machines: "unit:nginx.service and (pkg:nginx or user:www-data)".

    condition = all *( "or" all )
    all       = part *( "and" part )
    part      = "not" part | "(" condition ")" | FIELD ":" PATTERN

`and` binds stronger than `or`. In a pattern * stands for any letters and ? for one; one with spaces, brackets or quotes
stands in single or double quotes. It refuses everything else, with the place of the character and what was probably
meant, and conditions that are longer or deeper than a person reads.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import LONGEST, Mistake, shown
from hb_engine.model.baseline import HOST_FIELDS, OWNER_FIELDS, All, AnyOf, Is, Not
from hb_engine.model.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from hb_engine.model.baseline import Condition

DEEPEST = 24  # brackets and nots inside of one another
UNITS = (  # systemd.unit(5)
    *(".service", ".socket", ".scope", ".slice", ".timer", ".mount", ".automount", ".target", ".path", ".device"),
    ".swap",
)
WORDS = ("and", "or", "not")
# Fields as other tools call them.
SYNONYMS = {
    **dict.fromkeys(("process", "proc", "name", "command", "cmd", "procname"), "comm"),
    **dict.fromkeys(("path", "binary", "bin", "executable", "program", "prog", "file"), "exe"),
    **dict.fromkeys(("service", "systemd", "daemon"), "unit"),
    **dict.fromkeys(("package", "deb", "rpm", "apk", "dpkg"), "pkg"),
    **dict.fromkeys(("uid", "username", "owner"), "user"),
    **dict.fromkeys(("docker", "podman", "pod"), "container"),
    **dict.fromkeys(("hash", "sha", "sha-256", "checksum"), "sha256"),
    **dict.fromkeys(("signature", "signer"), "signed"),
    **dict.fromkeys(("hostname", "fqdn", "machine"), "host"),
    **dict.fromkeys(("net", "ip", "network", "subnet", "addr", "address"), "cidr"),
    **dict.fromkeys(("distro", "distribution", "system", "platform"), "os"),
    **dict.fromkeys(("tag", "labels"), "label"),
    **dict.fromkeys(("groups",), "group"),
    **dict.fromkeys(("roles",), "role"),
}
PLACES = ("port", "ports", "listen", "proto", "protocol", "tcp", "udp", "scope", "iface", "transport")
SIGNS = {"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "~": "not"}
_TOKEN: list[re.Pattern[str]] = []


def parse(text: str, fields: tuple[str, ...] = OWNER_FIELDS, name: str = "by") -> Condition:
    """The condition that a sentence says, over these fields; `name` is the sentence's own. Raises Mistake."""
    if len(text) > LONGEST:
        raise Mistake(f"{name} has more than {LONGEST} characters", 0, "Write two rules.", "too-long")
    if not text.strip():
        raise Mistake(f"{name} says nothing", 0, f"Write such as {_example(fields)}, or leave {name} out.", "condition")
    return _Parser(text, fields, name).whole()


def unit_slip(condition: Condition) -> tuple[str, str] | None:
    """A unit whose suffix is probably mistyped, and what was meant: nginx.servce, nginx.service; None for none."""
    if isinstance(condition, Not):
        return unit_slip(condition.part)
    if isinstance(condition, (All, AnyOf)):
        return next(filter(None, map(unit_slip, condition.parts)), None)
    if condition.field != "unit":
        return None
    stem, dot, suffix = condition.pattern.removesuffix(".service").rpartition(".")
    if not dot or f".{suffix}" in UNITS or len(suffix) < 4:
        return None
    meant = nearest(suffix, [unit[1:] for unit in UNITS])
    return (f"{stem}.{suffix}", f"{stem}.{meant}") if meant and meant[0] == suffix[0] else None


def _example(fields: tuple[str, ...]) -> str:
    return "unit:nginx.service and pkg:nginx" if "unit" in fields else "group:web and os:linux*"


class _Parser:
    def __init__(self, text: str, fields: tuple[str, ...], name: str) -> None:
        self._text, self._fields, self._name = text, fields, name
        self._tokens = _tokens(text)
        self._at = 0

    def whole(self) -> Condition:
        found = self._either(0)
        token, at = self._peek()
        if token == ")":  # noqa: S105 - a bracket, no secret
            raise Mistake("this bracket was never opened", at, "Leave it out, or open one before.", "condition")
        if token:
            raise self._unexpected(token, at)
        return found

    def _either(self, depth: int) -> Condition:
        parts = [self._both(depth)]
        while self._peek()[0].lower() == "or":
            self._at += 1
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self, depth: int) -> Condition:
        parts = [self._part(depth)]
        while self._peek()[0].lower() == "and":
            self._at += 1
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _part(self, depth: int) -> Condition:
        token, at = self._peek()
        if depth > DEEPEST:
            raise Mistake(f"this is more than {DEEPEST} deep", at, "Say it in two rules.", "condition")
        if not token:
            raise self._ends(at)
        self._at += 1
        if token.lower() == "not":
            return Not(self._part(depth + 1))
        if token == "(":  # noqa: S105 - a bracket, no secret
            found = self._either(depth + 1)
            closing, place = self._peek()
            if closing == ")":
                self._at += 1
                return found
            if closing:
                raise self._unexpected(closing, place)
            raise Mistake("this bracket is never closed", at, "Close it with ).", "condition")
        return self._is(token, at)

    def _is(self, token: str, at: int) -> Condition:
        field, colon, value = token.partition(":")
        if not colon or not _is_word(field):
            raise self._no_field(token, at)
        if field not in self._fields:
            raise self._unknown(field, value, at)
        place = at + len(field) + 1
        if not value:
            after = self._peek()[0]
            apart = after and after.lower() not in WORDS and after not in "()"
            hint = f"Write {field}:{after}, without a space." if apart else f"Write {field}:{_sample(field)}."
            raise Mistake(f"nothing stands after {field}:", place, hint, "condition")
        return Is(field, self._pattern(field, value, place))

    def _pattern(self, field: str, value: str, at: int) -> str:
        quote = value[0]
        if quote in "\"'":
            if len(value) < 2 or value[-1] != quote:
                raise Mistake("this quote is never closed", at, f"Close it with {quote}.", "condition")
            value = value[1:-1]
            if not value:
                raise Mistake(f"nothing stands between the quotes after {field}:", at, f"Write {field}:*.", "condition")
        if value.endswith((",", ";")) and quote not in "\"'":
            hint = "Conditions are joined with and, or."
            raise Mistake(f"{shown(value[-1])} says nothing here", at + len(value) - 1, hint, "condition")
        if field == "unit" and not value.endswith((*UNITS, "*")):
            return f"{value}.service"
        if field == "cidr":
            from hb_engine.baseline.language.listen import network  # only roles by network need it

            return network(value, at)
        if field == "sha256" and not _is_hash(value):
            raise Mistake("a SHA-256 has 64 digits of 0 to 9 and a to f", at, f"This has {len(value)}.", "condition")
        return value.lower() if field == "sha256" else value

    def _peek(self) -> tuple[str, int]:
        """The next token and its offset; an empty one at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", len(self._text.rstrip()))

    def _ends(self, at: int) -> Mistake:
        before = self._tokens[self._at - 1][0]
        hint = f"It goes on with a condition, such as {self._fields[0]}:{_sample(self._fields[0])}."
        return Mistake(f"{self._name} ends after {shown(before)}", at, hint, "condition")

    def _unexpected(self, token: str, at: int) -> Mistake:
        if token in SIGNS:
            return Mistake(f"{shown(token)} is written as a word", at, f"Write {SIGNS[token]}.", "condition")
        if token in (",", ";"):
            return Mistake(f"{shown(token)} says nothing here", at, "Conditions are joined with and, or.", "condition")
        if ":" in token or token.lower() == "not" or token == "(":  # noqa: S105
            return Mistake("a word is missing here", at, f"Write and, or or, before {shown(token)}.", "condition")
        meant = nearest(token, WORDS) if len(token) > 1 else ""
        if meant:
            return Mistake(f"{shown(token)} is no word here", at, f"Did you mean {meant}?", "condition")
        hint = "A pattern with spaces stands in quotes: exe:'/opt/My App/run'."
        return Mistake(f"{shown(token)} says nothing here", at, hint, "condition")

    def _no_field(self, token: str, at: int) -> Mistake:
        if token in SIGNS:
            return Mistake(f"{shown(token)} is written as a word", at, f"Write {SIGNS[token]}.", "condition")
        if token[0] == "!":
            return Mistake("! is written as a word", at, f"Write not {token[1:]}.", "condition")
        if token == ")":  # noqa: S105
            opened = any(one == "(" for one, _ in self._tokens[: self._at - 1])
            told = "a condition is missing before this bracket" if opened else "this bracket was never opened"
            return Mistake(told, at, "Leave it out, or say what stands in it.", "condition")
        if token.lower() in ("and", "or"):
            hint = f"Write one such as {self._fields[0]}:{_sample(self._fields[0])}, or leave {token} out."
            return Mistake(f"a condition is missing before {shown(token)}", at, hint, "condition")
        for sign in ("==", "!=", "=~", "="):
            field, found, value = token.partition(sign)
            if found and _is_word(field):
                negative = "not " if sign == "!=" else ""
                name = SYNONYMS.get(field, field)
                if name not in self._fields and "label" in self._fields:
                    name, value = "label", f"{field}={value}"
                told = f"a field is followed by a colon, not {sign}"
                return Mistake(told, at + len(field), f"Write {negative}{name}:{value}.", "condition")
        return Mistake(f"{shown(token)} is no condition", at, self._bare(token), "condition")

    def _bare(self, token: str) -> str:
        """What a word without a field probably is."""
        plain = token.strip("\"'")
        if "unit" not in self._fields:
            if plain.replace(".", "").replace("/", "").isdigit() and "." in plain:
                return f"Write cidr:{plain}."
            return f"Write group:{plain}, or host:{plain}."
        if plain.startswith("/"):
            return f"Write exe:{plain}."
        if plain.endswith(UNITS):
            return f"Write unit:{plain}."
        if plain in self._fields:
            return f"Write {plain}:{_sample(plain)}."
        return f"Write unit:{plain}, pkg:{plain} or exe:*/{plain}."

    def _synonym(self, field: str) -> str:
        """What a mistyped other name of a field stands for: proces is process, and that is comm."""
        meant = SYNONYMS.get(nearest(field, SYNONYMS), "") if len(field) > 3 else ""
        return meant if meant in self._fields else ""

    def _unknown(self, field: str, value: str, at: int) -> Mistake:
        meant = SYNONYMS.get(field.lower(), "")
        if field.lower() in self._fields:
            return Mistake(
                f"fields are written in small letters: {field}", at, f"Write {field.lower()}:{value}.", "condition"
            )
        if meant in self._fields:
            return Mistake(f"there is no field {field}:", at, f"Write {meant}:{value}.", "condition")
        if field.lower() in PLACES:
            hint = f'Ports stand in listen, such as listen = "tcp/{value if value.isdigit() else 443}".'
            return Mistake(f"there is no field {field}:", at, hint, "condition")
        other = field in (*OWNER_FIELDS, *HOST_FIELDS)
        near = "" if other else nearest(field, self._fields) or self._synonym(field)
        known = f"{', '.join(self._fields[:-1])} and {self._fields[-1]}"
        hint = f"Did you mean {near}:{value}?" if near else f"There are {known}."
        if other:
            place = "machines, and stands in when" if field in HOST_FIELDS else "openings, and stands in by"
            return Mistake(f"{field}: speaks of {place}", at, f"In {self._name} there are {known}.", "condition")
        return Mistake(f"there is no field {field}:", at, hint, "condition")


def _tokens(text: str) -> list[tuple[str, int]]:
    """Brackets and words, each with its offset; quotes keep a word together."""
    if not _TOKEN:
        import re  # compiled once; most runs of hb read no baseline

        signs = r"[()]|&&|\|\||[&|](?=\s|$)"
        _TOKEN.append(re.compile(rf"""{signs}|(?:[^\s()"':&|]*:)?(?:"[^"]*"?|'[^']*'?)|[^\s()]+"""))
    return [(found[0], found.start()) for found in _TOKEN[0].finditer(text)]


def _is_word(text: str) -> bool:
    return bool(text) and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _is_hash(text: str) -> bool:
    return (
        "*" in text or "?" in text or (len(text) == 64 and all(letter in "0123456789abcdefABCDEF" for letter in text))
    )


def _sample(field: str) -> str:
    samples = {
        "unit": "nginx.service",
        "exe": "/usr/sbin/nginx",
        "pkg": "nginx",
        "user": "www-data",
        "comm": "nginx",
        "script": "/srv/app.py",
        "container": "web",
        "image": "nginx:*",
        "cgroup": "/system.slice/*",
        "sha256": "*",
        "signed": "distro",
        "kernel": "*",
        "host": "web-*",
        "cidr": "10.0.0.0/8",
        "os": "linux*",
        "group": "web",
        "label": "env=prod",
        "role": "web",
    }
    return samples.get(field, "*")
