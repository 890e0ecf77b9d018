"""`speaks`: what must speak there: "https tls>=1.2 cert:san=*.example.org".

    speaks = 1*( NAME | "tls>=" VERSION | "cert:" PART "=" PATTERN | "version" OP VERSION | "product=" PATTERN )

Names are nmap's, and any of them will do; everything else must hold. It refuses to know which services there are.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import LONGEST, Mistake, shown
from hb_engine.model.baseline import Speaks
from hb_engine.model.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

TLS = ("1.0", "1.1", "1.2", "1.3")
PARTS = ("san", "subject", "issuer", "sha256")
OPERATORS = (">=", "<=", ">", "<", "=")
KEYS = ("tls", "cert", "version", "product")
EXAMPLE = "Write such as https tls>=1.2."
# Services as people call them, by nmap's names.
NAMES = {"dns": "domain", "postgres": "postgresql", "rdp": "ms-wbt-server", "smb": "microsoft-ds", "mssql": "ms-sql-s"}
_TOKEN: list[re.Pattern[str]] = []


def parse(text: str) -> Speaks:
    """What a sentence wants to hear. Raises Mistake."""
    if len(text) > LONGEST:
        raise Mistake(f"speaks has more than {LONGEST} characters", 0, "Say less.", "too-long")
    if not text.strip():
        raise Mistake("speaks says nothing", 0, f"{EXAMPLE[:-1]}, or leave speaks out.", "speaks")
    reader = _Reader()
    for token, at in _tokens(text):
        reader.take(token, at)
    names = tuple(dict.fromkeys(reader.names))
    return Speaks(names, reader.tls, tuple(reader.certificate), tuple(reader.version), reader.product, text.strip())


class _Reader:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.tls = self.product = ""
        self.certificate: list[tuple[str, str]] = []
        self.version: list[tuple[str, str]] = []

    def take(self, token: str, at: int) -> None:
        """One word. Raises Mistake."""
        if token in (",", "or"):  # any of the names will do
            return
        key, operator, value, place = _split(token, at)
        if not operator:
            self._name(token, at)
            return
        value = _bare(value, place)
        if key == "tls":
            self._tls(operator, value, at, place)
        elif key == "version":
            if not value[:1].isdigit():
                raise Mistake(f"{shown(value)} is no version", place, "Write such as version>=1.24.", "speaks")
            self.version.append((operator, value))
        elif operator != "=":
            told = f"{key} is compared with =, not {operator}"
            raise Mistake(told, at + len(key), f"Write {key}={value}.", "speaks")
        elif key == "product":
            self.product = self._once(self.product, value, "product", at)
        elif key.startswith("cert:"):
            self._certificate(key[5:], value, at + 5)
        else:
            raise self._unknown(key, operator, value, at)

    def _tls(self, operator: str, value: str, at: int, place: int) -> None:
        if operator != ">=":
            hint = f"Write tls>={value}: that, or newer."
            raise Mistake(
                f"tls takes the oldest version that may be offered, after >=, not {operator}", at + 3, hint, "speaks"
            )
        version = value.lower().removeprefix("tlsv").removeprefix("tls").removeprefix("v")
        if version not in TLS:
            hint = "It is one of 1.0, 1.1, 1.2 and 1.3."
            raise Mistake(f"there is no TLS {shown(value)}", place, hint, "speaks")
        self.tls = self._once(self.tls, version, "tls", at)

    def _certificate(self, part: str, value: str, at: int) -> None:
        if part not in PARTS:
            meant = nearest(part, PARTS) or {"cn": "subject", "name": "san", "dns": "san", "hash": "sha256"}.get(
                part, ""
            )
            hint = f"Did you mean cert:{meant}={value}?" if meant else f"It is one of {', '.join(PARTS)}."
            raise Mistake(f"a certificate has no {shown(part)}", at, hint, "speaks")
        self.certificate.append((part, value.lower() if part == "sha256" else value))

    def _once(self, before: str, value: str, name: str, at: int) -> str:
        if before:
            raise Mistake(f"{name} is said twice", at, "Leave one of them out.", "speaks")
        return value

    def _name(self, token: str, at: int) -> None:
        lower = token.lower()
        if lower in ("and", "not"):
            hint = "Names stand beside each other, and any of them will do; everything else must hold."
            raise Mistake(f"{shown(token)} has no place in speaks", at, hint, "speaks")
        if lower.startswith(KEYS) and lower.partition(":")[0] in KEYS:
            part = lower.partition(":")
            hint = (
                f"Write {part[0]}:{part[2] or 'san'}=*.example.org."
                if part[0] == "cert"
                else f"Write {_sample(part[0])}."
            )
            raise Mistake(f"{shown(token)} says nothing yet", at, hint, "speaks")
        if not all(letter.isascii() and (letter.isalnum() or letter in "-_.+/") for letter in lower):
            raise Mistake(f"{shown(token)} is no service's name", at, EXAMPLE, "speaks")
        if lower.startswith("tls") and lower[3:].lstrip("v") in TLS:
            raise Mistake(f"{shown(token)} is no service's name", at, f"Write tls>={lower[3:].lstrip('v')}.", "speaks")
        self.names.append(NAMES.get(lower, lower))

    def _unknown(self, key: str, operator: str, value: str, at: int) -> Mistake:
        if key in PARTS:
            return Mistake(f"speaks knows no {shown(key)}", at, f"Write cert:{key}={value}.", "speaks")
        meant = nearest(key, KEYS)
        hint = f"Did you mean {meant}{operator}{value}?" if meant else f"It knows {', '.join(KEYS)}, and names."
        return Mistake(f"speaks knows no {shown(key)}", at, hint, "speaks")


def _sample(key: str) -> str:
    return {"tls": "tls>=1.2", "version": "version>=1.24", "product": "product=nginx"}[key]


def _split(token: str, at: int) -> tuple[str, str, str, int]:
    """Key, operator, value and the value's offset; no operator where there is none."""
    places = [(token.find(sign), sign) for sign in OPERATORS if sign in token]
    if not places:
        return token, "", "", at
    first = min(place for place, _ in places)
    sign = next(sign for place, sign in places if place == first)
    key, value, place = token[:first], token[first + len(sign) :], at + first + len(sign)
    if not key:
        raise Mistake(f"nothing stands before {sign}", at, EXAMPLE, "speaks")
    if sign == "=" and value.startswith("="):
        raise Mistake("one = is enough", place, f"Write {key}={value.lstrip('=')}.", "speaks")
    if not value:
        raise Mistake(f"nothing stands after {key}{sign}", place, "Write the value there, without a space.", "speaks")
    return key.lower(), sign, value, place


def _bare(value: str, at: int) -> str:
    if value[0] not in "\"'":
        return value
    if len(value) < 3 or value[-1] != value[0]:
        raise Mistake("this quote holds nothing, or is never closed", at, f"Close it with {value[0]}.", "speaks")
    return value[1:-1]


def _tokens(text: str) -> list[tuple[str, int]]:
    if not _TOKEN:
        import re  # compiled once; most runs of hb read no baseline

        _TOKEN.append(re.compile(r""",|[^\s,"'=<>]*[=<>]+(?:"[^"]*"?|'[^']*'?|[^\s]*)|[^\s,]+"""))
    return [(found[0], found.start()) for found in _TOKEN[0].finditer(text)]
