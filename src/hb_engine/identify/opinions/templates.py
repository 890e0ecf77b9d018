"""What a match is made into: nmap's $1, $P(1), $SUBST(1,"_","."), $I(1,">"), and Recog's {service.version}.

A text of a database, filled with parts of a stranger's answer. The result is bounded and one line (kit.text); a part
that is not there, or a helper that makes no sense, makes it empty. The grammar is that of nmap's book, "Version
Detection: nmap-service-probes File Format", and of Recog's README.
"""

from __future__ import annotations

from hb_engine.identify.kit import EVIDENCE, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    Groups = tuple[bytes | None, ...]

VARIABLE = (
    rb"\$(?:(?P<plain>[1-9])|(?P<helper>[A-Z]+)\((?P<group>[1-9])"
    rb"(?:,\"(?P<first>[^\"]*)\")?(?:,\"(?P<second>[^\"]*)\")?\))"
)
WIDEST = 8  # bytes of a number
PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
_compiled: list[re.Pattern[bytes]] = []


def fill(template: str, groups: Groups) -> str:
    """A template of nmap's with the groups of a match (the whole match is the first)."""
    return text(_filled(template, groups, lambda part: part), EVIDENCE)


def fill_cpe(template: str, groups: Groups) -> str:
    """A CPE: what comes from the match is lower case, and its special characters are written as %XX (CPE 2.2)."""
    told = text(_filled(template, groups, _bound), EVIDENCE)
    return f"cpe:/{told.rstrip(':')}" if told else ""


def interpolated(value: str, told: dict[str, str]) -> str:
    """A value of Recog's, with {other.param} replaced; empty where one of them is not known."""
    parts = value.split("{")
    made = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        if not brace:
            made.append("{" + part)
        elif not told.get(name):
            return ""
        else:
            made += [told[name], rest]
    return "".join(made)[:EVIDENCE]


def _filled(template: str, groups: Groups, bound: Callable[[bytes], bytes]) -> bytes:
    import re  # only where a second opinion was asked for

    if not _compiled:
        _compiled.append(re.compile(VARIABLE))
    raw = template.encode("latin-1", "replace")
    return _compiled[0].sub(lambda found: bound(_part(found, groups)), raw)


def _part(found: re.Match[bytes], groups: Groups) -> bytes:
    number = int(found["plain"] or found["group"])
    part = (groups[number] if number < len(groups) else None) or b""
    helper, first, second = found["helper"], found["first"], found["second"]
    if found["plain"]:
        return part
    if helper == b"P":
        return bytes(byte for byte in part if 32 <= byte < 127)
    if helper == b"SUBST" and first and second is not None:
        return part.replace(first, second)
    if helper == b"I" and first in (b">", b"<") and 0 < len(part) <= WIDEST:
        return str(int.from_bytes(part, "big" if first == b">" else "little")).encode()
    return b""


def _bound(part: bytes) -> bytes:
    low = part.lower().replace(b" ", b"_")
    return b"".join([bytes([byte]) if byte in PLAIN else b"%%%02x" % byte for byte in low])
