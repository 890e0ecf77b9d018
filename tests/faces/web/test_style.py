"""The style sheet by itself: colours that can be read in every theme (WCAG 2.2), and nothing that the pages forbid.

Ratios are computed as 1.4.3 defines them. axe looks at pages as they are; here are all pairs, shown today or not.
"""

from __future__ import annotations

import os
import re

import pytest

from hb_engine.faces.web.assets import HERE


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


STYLE = read("hb.css") + read("ports.css")
BARE = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)
BLOCKS = {
    "light": r":root \{([^}]*--paper[^}]*)\}",
    "dark": r':root\[data-theme="dark"\] \{([^}]*--paper[^}]*)\}',
    "system, dark": r':root\[data-theme="system"\] \{([^}]*--paper[^}]*)\}',
    "print": r":root, :root\[data-theme\] \{([^}]*--paper[^}]*)\}",
}
READ = [  # ink on paper: text
    *[(ink, paper) for ink in ("ink", "dim", "accent") for paper in ("paper", "card", "head", "well", "tint")],
    *[(state, paper) for state in ("ok", "look", "alarm", "note", "unseen") for paper in ("paper", "card", "tint")],
    *[("ok", "ok-tint"), ("look", "look-tint"), ("alarm", "alarm-tint"), ("ink", "alarm-tint"), ("ink", "look-tint")],
    ("dim", "alarm-tint"),
]
SEEN = [("edge", paper) for paper in ("paper", "card", "well")]  # borders of what can be used (1.4.11)


def colours(theme):
    block = re.search(BLOCKS[theme], BARE)
    assert block, theme
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})", block.group(1)))


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join([2 * one for one in colour[1:]])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def without(style, head):
    """A style sheet without the blocks that begin so."""
    while head in style:
        start = style.index(head)
        end, depth = style.index("{", start) + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(style[end], 0)
            end += 1
        style = style[:start] + style[end:]
    return style


def ratio(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "known"), [("#000", "#fff", 21.0), ("#777777", "#fff", 4.48), ("#fff", "#fff", 1)]
)
def test_a_ratio_is_what_the_standard_says(one, other, known):
    assert ratio(one, other) == pytest.approx(known, abs=0.01)


@pytest.mark.parametrize("theme", BLOCKS)
def test_every_ink_can_be_read_on_every_paper(theme):
    known = colours(theme)
    poor = {
        f"{ink} on {paper}": round(ratio(known[ink], known[paper]), 2)
        for ink, paper in READ
        if ratio(known[ink], known[paper]) < 4.5
    }
    assert not poor
    assert ratio(known["on-accent"], known["accent"]) >= 4.5


@pytest.mark.parametrize("theme", BLOCKS)
def test_what_can_be_used_has_a_border_that_is_seen(theme):
    known = colours(theme)
    assert not {
        pair: ratio(known[pair[0]], known[pair[1]]) for pair in SEEN if ratio(known[pair[0]], known[pair[1]]) < 3
    }


def test_themes_name_the_same_colours():
    light = set(colours("light"))
    assert {theme for theme in BLOCKS if set(colours(theme)) != light} == set()
    assert colours("dark") == colours("system, dark")


def test_names_of_colours_are_named():
    """A colour that is used and never named is nothing at all to a browser."""
    named = set(re.findall(r"--([a-z0-9-]+):", BARE))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", BARE)) <= named


def test_nothing_is_loaded_from_anywhere():
    assert "url(" not in BARE
    assert "@import" not in BARE
    assert "@font-face" not in BARE


def test_braces_are_closed():
    assert BARE.count("{") == BARE.count("}")
    depth = 0
    for sign in re.findall(r"[{}]", BARE):
        depth += 1 if sign == "{" else -1
        assert 0 <= depth <= 3  # @media, @keyframes, a step


def test_motion_is_only_for_those_who_do_not_mind():
    calm = without(BARE, "@media (prefers-reduced-motion: no-preference)")
    assert not re.search(r"\b(transition|animation|scroll-behavior)\s*:", calm)


def test_the_focus_is_never_taken_away():
    """Where a rule takes an outline away, it is said why: main is no stop of the keyboard, pictures draw their own."""
    taken = [rule.strip() for rule in re.findall(r"([^{}]*)\{[^{}]*outline:\s*(?:none|0)", BARE)]
    assert set(taken) <= {"main:focus", ".map-mark:focus", ".strip a:focus-visible"}
