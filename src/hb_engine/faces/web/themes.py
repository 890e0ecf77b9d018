"""Light, dark, or as the system has it: what a browser chose, kept in a cookie so that it holds without JavaScript.

The cookie is nobody's secret and says nothing of a person. It refuses every value that is not one of the three.
"""

from __future__ import annotations

COOKIE = "hb_theme"
SYSTEM = "system"
THEMES = ("light", "dark", SYSTEM)
YEAR = 365 * 24 * 3600


def chosen(value: str) -> str:
    """The theme that a cookie or a form names; the system's where it names none of ours."""
    return value if value in THEMES else SYSTEM


def cookie(theme: str) -> str:
    """The header that keeps a theme (RFC 6265 4.1): for a year, and for pages that we ourselves lead to.

    Lax and not strict, so that a link from a mail or a chat opens in the colours that were chosen. Scripts may write
    it: assets/theme.js does, so that colours change without asking anybody.
    """
    return f"{COOKIE}={chosen(theme)}; Path=/; Max-Age={YEAR}; SameSite=Lax"
