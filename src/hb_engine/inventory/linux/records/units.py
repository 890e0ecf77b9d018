"""Unit files and drop-ins of systemd that were changed, and units that were switched on.

What systemd and its generators write by themselves, at each start of the machine and each reload, says nothing and is
left out. Source: systemd.unit(5), the table of unit load paths.
"""

from __future__ import annotations

from hb_engine.inventory.linux.changes import below
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.changes import Changed
    from hb_engine.inventory.linux.records import Told

FOLDERS = (
    "etc/systemd/system.control",
    "etc/systemd/system",
    "etc/systemd/user",
    "run/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",  # a link to the one before, where /usr is merged; its files are then the same
)
RECORD = Record("unit", tuple([f"/{one}" for one in FOLDERS]))
SUFFIXES = (".service", ".socket", ".timer", ".path", ".mount", ".target", ".slice", ".scope")


def events(root: str, since: float) -> Told:
    """Changes of units since a time."""
    found: dict[Event, None] = {}
    seen: set[str] = set()
    for folder in FOLDERS:
        for change in below(root, folder, since)[0]:
            merged = change.path.removeprefix("usr/")
            if merged not in seen and (event := _event(change)):
                seen.add(merged)
                found[event] = None
    return tuple(found), ()


def _event(change: Changed) -> Event | None:
    parts = change.path.split("/")
    folder, name = parts[-2], parts[-1]
    path = f"/{change.path}"
    if folder.endswith(".d") and name.endswith(".conf"):
        unit = folder[:-2]
    elif name.endswith(SUFFIXES):
        unit = name
    else:
        return None
    if folder.endswith((".wants", ".requires")):
        return Event(change.at, "unit", f"{unit} was enabled for {folder.rpartition('.')[0]}", path, unit)
    said = "changed" if change.content else "was put there"
    return Event(change.at, "unit", f"{path} {said}", path, unit)
