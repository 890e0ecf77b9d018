"""The inventory of a machine that is not Linux, or of a recording of one.

The source is asked once; all the rest is computed from its answer. Nothing is retried and nothing is filled in.
"""

from __future__ import annotations

import _socket

from hb_engine.inventory.portable.gaps import gaps_of
from hb_engine.inventory.portable.openings import arrange
from hb_engine.inventory.portable.recording import parse
from hb_engine.model.endpoint import scope_of
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Coverage, Host, Inventory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from hb_engine.inventory.portable.recording import Recording

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
    host = Host(
        recording.host,
        recording.release,
        recording.kernel,
        boot,
        os=_os(recording),
        addresses=_addresses(recording.addresses),
        local_ports=recording.ephemeral,
    )
    return Inventory(host, recording.listed_at, coverage, arrange(recording))


def _os(recording: Recording) -> str:
    """macos-14.5, windows-11: the system and its version, as they stand in its release's first two words."""
    words = recording.release.split()
    name = {"darwin": "macos"}.get(recording.system, recording.system)
    return f"{name}-{words[1]}" if len(words) > 1 else name


def _packed(text: str) -> bytes | None:
    """An address as bytes; None for what is none."""
    try:
        return _socket.inet_pton(_socket.AF_INET6 if ":" in text else _socket.AF_INET, text)
    except (OSError, ValueError):
        return None


def _addresses(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses without their zones, each once and without loopback; those of a link alone come last."""
    scopes = {text: scope_of(packed) for full in texts if (packed := _packed(text := full.partition("%")[0]))}
    told = [text for text, scope in scopes.items() if scope != "loopback"]
    return tuple(sorted(told, key=lambda text: scopes[text] == "link"))
