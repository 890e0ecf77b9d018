"""The country: what is registered and linked is where the registries say, in colours that the style sheet knows."""

from __future__ import annotations

import os
import re

import pytest
from tests.faces.web import kit
from tests.faces.web.map import pngs

from hb_engine.faces.web import assets
from hb_engine.faces.web.map import base, overlay
from hb_engine.faces.web.map.base import LAYERS, PALETTES, THEMES, TRANSPORTS, base_of, kind_of, name_of, parse
from hb_engine.faces.web.map.hilbert import CELLS, PORTS

BASE = base_of(kit.REGISTRY, kit.THREATS)


def colour(text):
    return (*bytes.fromhex(text[1:]), 255)


def seen(transport="all", layers=LAYERS, theme="dark"):
    rows = pngs.pixels(BASE.png(theme, transport, layers))
    return lambda port: rows[CELLS[port][1]][CELLS[port][0]]


def test_every_port_that_has_a_name_is_registered_here_and_no_other():
    wrong = []
    for port in range(PORTS):
        for transport in ("tcp", "udp"):
            known = any(row.name and row.status in base.NAMED for row in kit.REGISTRY.short(transport, port))
            if known != bool(kind_of(BASE.flags[port], transport, ("registered",))):
                wrong.append((port, transport))
    assert not wrong[:10]


def test_every_claim_is_here_and_no_other():
    for port in (*range(0, PORTS, 7), 1703, 42391, 43391, 43392):
        for transport in ("tcp", "udp"):
            claims = kit.THREATS.threats(port, transport)
            assert bool(claims) == bool(kind_of(BASE.flags[port], transport, ("threats",))), (port, transport)


def test_a_picture_shows_what_a_port_is():
    at = seen()
    dark = PALETTES["dark"]
    assert at(1704) == colour(dark.both)
    assert at(1703) == colour(dark.linked)  # registered, and old lists link it with a trojan
    assert at(61234) == colour(dark.ground[2])
    assert at(42500) == colour(dark.threat)  # BPFDoor's range


def test_layers_are_left_out_and_the_ground_stays():
    dark = PALETTES["dark"]
    assert seen(layers=("registered",))(1703) == colour(dark.both)
    assert seen(layers=("threats",))(1703) == colour(dark.threat)
    assert seen(layers=())(1703) == colour(dark.ground[1])
    assert seen(layers=())(22) == colour(dark.ground[0])


def test_a_transport_shows_its_own():
    one = next(port for port in range(PORTS) if kind_of(BASE.flags[port], "all", ("registered",)) == "one"
               and kind_of(BASE.flags[port], "tcp", ("registered",)))  # fmt: skip
    assert seen("tcp", ("registered",))(one) == colour(PALETTES["dark"].one)
    assert seen("udp", ("registered",))(one) in [colour(text) for text in PALETTES["dark"].ground]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_is_counted_is_what_is_drawn(transport):
    counts, pixels = BASE.counts(transport), pngs.pixels(BASE.png("light", transport, ("registered",)))
    drawn = [pixel for row in pixels for pixel in row]
    assert drawn.count(colour(PALETTES["light"].both)) == counts.both > 5000
    assert drawn.count(colour(PALETTES["light"].one)) == counts.one > 100
    threats = [pixel for row in pngs.pixels(BASE.png("light", transport, ("threats",))) for pixel in row]
    assert threats.count(colour(PALETTES["light"].threat)) == counts.threats > 0


def test_ranges_that_a_claim_takes_up_are_named():
    named = {one.name: (one.first, one.last) for one in BASE.blocks}
    assert named["BPFDoor"] == (42391, 43391)
    assert all(last - first >= base.BLOCK for first, last in named.values())


def test_a_picture_is_small_and_made_once():
    for name, asked in base.NAMES.items():
        body = BASE.png(*asked)
        assert len(body) < 8192, name
        assert BASE.png(*asked) is body


def test_names_lead_back_and_nothing_else_does():
    for name, asked in base.NAMES.items():
        assert parse(name) == asked
        assert name_of(*asked) == name
    assert len(base.NAMES) == len(THEMES) * len(TRANSPORTS) * 4
    for other in ("", "dark", "dark-all.gif", "dark-all-threats-registered.png", "dark-sctp.png", "../hb.css", "é.png"):
        assert parse(other) is None


def test_the_address_changes_with_the_facts_and_the_colours(monkeypatch):
    again = base.Base(kit.REGISTRY, kit.THREATS)
    assert again.digest == BASE.digest
    monkeypatch.setitem(PALETTES, "dark", base.Palette(("#000000",) * 3, "#111111", "#222222", "#333333", "#444444"))
    assert base.Base(kit.REGISTRY, kit.THREATS).digest != BASE.digest


# -- colours


def tokens():
    """The map's colours of the style sheet: the light ones, then the dark ones twice, by hand and by the system."""
    with open(os.path.join(assets.HERE, "hb.css"), encoding="utf-8") as file:
        text = file.read()
    found = re.findall(r"--map-system: .*?--map-open: #[0-9a-f]{6};", text, re.DOTALL)
    return [dict(re.findall(r"--map-([a-z]+): (#[0-9a-f]{6})", one)) for one in found]


def test_the_style_sheet_has_the_same_colours():
    light, dark, system = tokens()
    assert dark == system
    for told, palette in ((light, PALETTES["light"]), (dark, PALETTES["dark"])):
        ground = (told["system"], told["user"], told["dynamic"])
        assert base.Palette(ground, told["both"], told["one"], told["threat"], told["linked"]) == palette
    for told, theme in ((light, "light"), (dark, "dark")):
        assert overlay.CELL_COLOURS[theme][:3] == (told["alarm"], told["look"], told["alarm"])


def luminance(text: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("which", [0, 1], ids=["light", "dark"])
def test_marks_stand_out_from_their_rim_and_the_empty_country(which):
    """WCAG 2.2, 1.4.11: three to one for what has to be told apart. Every mark has a rim between it and the country."""
    told = tokens()[which]
    for state in ("ok", "look", "alarm", "open"):
        assert contrast(told[state], told["rim"]) >= 3, state
        assert contrast(told[state], told["user"]) >= 3, state
        assert contrast(told[state], told["dynamic"]) >= 3, state


@pytest.mark.parametrize("which", [0, 1], ids=["light", "dark"])
def test_names_can_be_read_on_their_own_rim(which):
    told = tokens()[which]
    assert contrast(told["name"], told["rim"]) >= 7
    assert contrast(told["far"], told["rim"]) >= 4.5
