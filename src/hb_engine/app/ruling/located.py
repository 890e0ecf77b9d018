"""Where the baseline is: found by a few looks into folders, so that whoever has none pays nothing for it.

What a person named is taken; then $HB_BASELINE; then hb.d here or, inside of a git work tree, further up to its root;
then /etc/hb-engine/hb.d. It refuses to read anything, and to look further up where there is no work tree: /tmp/hb.d may
be anybody's.
"""

from __future__ import annotations

import os

from hb_engine.app import folders

FOLDER, VARIABLE = "hb.d", "HB_BASELINE"


def locate(given: str = "") -> str | None:
    """The folder of the baseline; None where there is none. What a person named is taken, even if it is not there."""
    named = given or os.environ.get(VARIABLE, "")
    if named:
        return named
    here = os.getcwd()
    for at in (here, *_above(here)):
        folder = os.path.join(at, FOLDER)
        if os.path.isdir(folder):
            return FOLDER if at == here else folder
    system = os.path.join(folders.system(), FOLDER)
    return system if os.path.isdir(system) else None


def _above(here: str) -> list[str]:
    """The folders above, up to the root of the git work tree; none outside of one."""
    found: list[str] = []
    at = here
    while not os.path.exists(os.path.join(at, ".git")):
        if os.path.dirname(at) == at:
            return []
        at = os.path.dirname(at)
        found.append(at)
    return found
