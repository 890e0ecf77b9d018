"""The country of the map: what is registered, and what has been linked with a number, for all 65,536 ports.

It is drawn from the registry and the threats once, as cells with flags; theme, transport and what is to be seen choose
only colours. Registered on both transports is the full colour, on one the paler; a threat is a claim about a number,
never about a machine. It refuses to know what is open anywhere: that is overlay.py's.
"""

from __future__ import annotations

import functools
import hashlib

from hb_engine.faces.web.map.hilbert import PORTS, REGIONS, laid_out
from hb_engine.faces.web.map.png import Colour, packed, picture
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats

TRANSPORTS = ("all", "tcp", "udp")
LAYERS = ("registered", "threats")
THEMES = ("dark", "light")
TCP, UDP, OTHER, TCP_THREAT, UDP_THREAT = 1, 2, 4, 8, 16
ZONE = 5  # the region's number stands in the bits from here on: 0 system, 1 user, 2 dynamic
FLAGS = 3 << ZONE
BLOCK = 100  # ports from which on a claim's range is named on the map
NAMED = ("assigned", "alias")
BITS = {"tcp": TCP, "udp": UDP, None: TCP | UDP}
THREAT_BITS = {"tcp": TCP_THREAT, "udp": UDP_THREAT}


@record
class Palette:
    """The colours of one theme, as #rrggbb: the ground of the three regions, and what stands on it."""

    ground: tuple[str, str, str]
    both: str
    one: str
    threat: str
    linked: str  # registered, and a threat has been linked with it


PALETTES = {
    "dark": Palette(("#222b37", "#171d25", "#0f1318"), "#3d6c9f", "#2f4a66", "#7d3d37", "#96657b"),
    "light": Palette(("#dfe6ef", "#ebeff4", "#f6f7f9"), "#8db0da", "#bdd0e8", "#e3aaa2", "#b58aa3"),
}


@record
class Counts:
    """How many ports are registered on both transports, on one, and linked with a threat."""

    both: int
    one: int
    threats: int


@record
class Block:
    """A range of ports that one claim is about: BPFDoor's."""

    name: str
    first: int
    last: int


class Base:
    """The cells, and pictures of them by theme, transport and layers, each made when it is first asked for."""

    def __init__(self, registry: Registry, threats: Threats) -> None:
        self.flags = flags_of(registry, threats)
        self.blocks = blocks_of(threats)
        self._data = packed(laid_out(self.flags))
        self._made: dict[str, bytes] = {}
        colours = repr(sorted(PALETTES.items())).encode()
        self.digest = hashlib.sha256(self._data + colours).hexdigest()[:12]

    def png(self, theme: str, transport: str, layers: tuple[str, ...]) -> bytes:
        """A picture of the country. Raises KeyError for a theme that there is not."""
        key = name_of(theme, transport, layers)
        made = self._made.get(key)
        if made is None:
            colours = [_colour(flags, PALETTES[theme], transport, layers) for flags in range(FLAGS)]
            made = self._made[key] = picture(self._data, colours)
        return made

    @functools.cache  # noqa: B019 - a base lives as long as the program, and has three transports
    def counts(self, transport: str) -> Counts:
        """What the legend counts."""
        kinds = [kind_of(flags, transport) for flags in self.flags]
        linked = kinds.count("linked both") + kinds.count("linked one")
        return Counts(
            kinds.count("both") + kinds.count("linked both"),
            kinds.count("one") + kinds.count("linked one"),
            kinds.count("threat") + linked,
        )


@functools.lru_cache(maxsize=2)
def base_of(registry: Registry, threats: Threats) -> Base:
    """The country of a registry: made once, at the first question."""
    return Base(registry, threats)


def flags_of(registry: Registry, threats: Threats) -> bytes:
    """For each port, what is registered and linked, and its region."""
    flags = bytearray(PORTS)
    for number, (first, last) in enumerate(REGIONS):
        flags[first : last + 1] = bytes([number << ZONE]) * (last + 1 - first)
    for row in registry.all():
        if row.first is not None and row.last is not None and row.name and row.status in NAMED:
            bits = BITS.get(row.transport, OTHER)
            for port in range(row.first, row.last + 1):
                flags[port] |= bits
    for port in range(PORTS):
        for claim in threats.threats(port):
            flags[port] |= THREAT_BITS.get(claim.transport, TCP_THREAT | UDP_THREAT)
    return bytes(flags)


def blocks_of(threats: Threats) -> tuple[Block, ...]:
    """The claims that take up a piece of the country, by their numbers."""
    claims = {claim for port in range(0, PORTS, BLOCK) for claim in threats.threats(port)}
    wide = [Block(one.name.partition(" ")[0], one.first, one.last) for one in claims if one.last - one.first >= BLOCK]
    return tuple(sorted(wide, key=lambda one: one.first))


def kind_of(flags: int, transport: str, layers: tuple[str, ...] = LAYERS) -> str:
    """What a cell is for a transport: both, one, threat, linked both, linked one, or nothing."""
    wanted = {"tcp": TCP, "udp": UDP}.get(transport, TCP | UDP | OTHER)
    claims = {"tcp": TCP_THREAT, "udp": UDP_THREAT}.get(transport, TCP_THREAT | UDP_THREAT)
    threat = "threats" in layers and flags & claims
    if "registered" not in layers or not flags & wanted:
        return "threat" if threat else ""
    many = "both" if flags & TCP and flags & UDP else "one"
    return f"linked {many}" if threat else many


def name_of(theme: str, transport: str, layers: tuple[str, ...]) -> str:
    """The name of a picture in addresses: dark-all-registered-threats.png."""
    return "-".join([theme, transport, *[layer for layer in LAYERS if layer in layers]]) + ".png"


def parse(name: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Theme, transport and layers of a picture's name; None for a name that name_of() does not give."""
    return NAMES.get(name)


def _colour(flags: int, palette: Palette, transport: str, layers: tuple[str, ...]) -> Colour:
    kind = kind_of(flags, transport, layers)
    linked = palette.linked if kind.startswith("linked") else ""
    named = {"both": palette.both, "one": palette.one, "threat": palette.threat}
    text = linked or named.get(kind) or palette.ground[flags >> ZONE]
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16), 255


NAMES = {
    name_of(theme, transport, layers): (theme, transport, layers)
    for theme in THEMES
    for transport in TRANSPORTS
    for layers in (LAYERS, LAYERS[:1], LAYERS[1:], ())
}
