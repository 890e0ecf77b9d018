"""When the machine was started, by the kernel. Source: proc_stat(5), btime."""

from __future__ import annotations

import os

from hb_engine.inventory.linux.processes import slurp
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.records import Told

FILE = "proc/stat"
RECORD = Record("boot", (f"/{FILE}",))
LIMIT = 1 << 20  # a machine of 4,096 processors has 400 KB


def events(root: str, since: float) -> Told:
    """The start of the machine, where that is not before a time."""
    try:
        data = slurp(os.path.join(root, FILE), LIMIT)
    except OSError:
        return (), ()
    at = data.find(b"\nbtime ")
    word = data[at + 7 : at + 27].split(b"\n")[0].strip() if at >= 0 else b""
    if not word.isdigit() or float(word) < since:
        return (), ()
    return (Event(float(word), "boot", "the machine was started", f"/{FILE}"),), ()
