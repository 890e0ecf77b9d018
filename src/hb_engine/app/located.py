"""Where the baseline is: found by a few looks into folders, so that whoever has none pays nothing for it.

What a person named is taken; then $HB_BASELINE; then hb.d here or further up to the root of the git work tree; then
/etc/hb-engine/hb.d. It refuses to read anything.
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
    here = at = os.getcwd()
    while True:
        folder = os.path.join(at, FOLDER)
        if os.path.isdir(folder):
            return os.path.relpath(folder) if at == here else folder
        if os.path.exists(os.path.join(at, ".git")) or os.path.dirname(at) == at:
            break
        at = os.path.dirname(at)
    system = os.path.join(folders.system(), FOLDER)
    return system if os.path.isdir(system) else None
