"""The inventory of a machine that is not Linux, or of a recording of one.

The source is asked once; all the rest is computed from its answer. Nothing is retried and nothing is filled in.
"""

from __future__ import annotations

from hb_engine.inventory.portable.gaps import gaps_of
from hb_engine.inventory.portable.openings import arrange
from hb_engine.inventory.portable.recording import parse
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Coverage, Host, Inventory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Source(Protocol):
        """Who can be asked for one look: psutil here, or a recording."""

        def look(self) -> object:
            """A recording's JSON document; recording.py tells its shape. Raises CannotLook."""


class Replay:
    """A recorded look as a source."""

    def __init__(self, document: object) -> None:
        self._document = document

    def look(self) -> object:
        """The recording, whole."""
        return self._document


def collect(system: str, source: Source | None = None) -> Inventory:
    """One look at a machine of a system: darwin, windows, or linux where hb's own collector is not wanted.

    Without a source this machine is asked through psutil. Raises CannotLook without psutil or where the system refuses
    the whole list, DataError for a recording that is none or is another system's.
    """
    if source is None:
        from hb_engine.inventory.portable.live import Live  # psutil behind it costs 50 ms

        source = Live(system)
    recording = parse(source.look())
    if recording.system != system:
        raise DataError(
            f"This is a recording of {recording.system}, not of {system}.", "Name the system that it is of."
        )
    coverage = Coverage(recording.privileged, (f"psutil {recording.psutil} net_connections",), gaps_of(recording))
    boot = str(int(recording.boot_time)) if recording.boot_time and abs(recording.boot_time) < 1e12 else ""
    host = Host(recording.host, recording.release, recording.kernel, boot)
    return Inventory(host, recording.listed_at, coverage, arrange(recording))
