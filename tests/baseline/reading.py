"""Files of rules read by the language, as tests want them: problems as lines, and rules by name."""

from __future__ import annotations

from hb_engine.baseline.language import parse as language
from hb_engine.baseline.language.builder import World

NOW = 1795356311.0  # 2026-11-22 14:05:11 UTC
SERVICES = {"https": (("tcp", 443), ("udp", 443)), "syslog": (("udp", 514),)}
RULE = '[[allow]]\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\n'
PACKS = {
    "ssh": '[[allow]]\nid = "sshd"\nlisten = "tcp/22"\nby = "unit:ssh"\nwhy = "Administration"\n',
    "web": '[[require]]\nlisten = "tcp/80"\n[[forbid]]\nid = "telnet"\nlisten = "tcp/23"\n',
}


def services(name):
    """Registered ports of a few names."""
    return SERVICES.get(name, ())


WORLD = World(
    services, lambda _: tuple(SERVICES), lambda zone: zone in ("UTC", "Europe/Berlin"), ("writable-path",), NOW
)


def read(*texts, world=WORLD, packs=(), **named):
    """Files a.toml, b.toml ... with these texts, and others by name (a_json), as the language reads them."""
    files = [(f"{chr(97 + number)}.toml", text) for number, text in enumerate(texts)]
    files += [(name.replace("_", "."), text) for name, text in named.items()]
    return language.read(files, PACKS.get, packs=packs, known_packs=tuple(PACKS), world=world)


def problems(*texts, **more):
    """Each problem as place, level, message and hint."""
    found = read(*texts, **more).problems
    return [f"{one.where.text} {one.level}: {one.message} | {one.hint}" for one in found]


def rule(text, **more):
    """The one rule of a text that has no problem."""
    parsed = read(text, **more)
    assert parsed.problems == ()
    (found,) = parsed.baseline.rules
    return found
