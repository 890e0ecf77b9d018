"""Packages that apk changed: it keeps no log, so its database says only when it was last written.

Source: apk-tools' src/database.c (the database is written anew with each change).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.records import Told

DATABASES = ("usr/lib/apk/db/installed", "lib/apk/db/installed")
RECORD = Record("package apk", tuple([f"/{one}" for one in DATABASES]))


def events(root: str, since: float) -> Told:
    """That some packages changed, where the database was written since a time."""
    for database in DATABASES:
        try:
            at = os.stat(os.path.join(root, database)).st_mtime
        except OSError:
            continue
        if at < since:
            return (), ()
        return (Event(at, "package", "apk installed, upgraded or removed packages", f"/{database}"),), ()
    return (), ()
