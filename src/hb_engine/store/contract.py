"""What a store of history does, whoever keeps it: SQLite beside the program, memory in tests, PostgreSQL for a fleet.

tests/store/conformance.py holds every store to the same behaviour. A look is kept whole or not at all. An opening is
closed only by a look that would have shown it (model/inventory.py, `would_show`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from hb_engine.model.history import Change, Look, Moment, Presence, Span
    from hb_engine.model.inventory import Inventory

    class Store(Protocol):
        """Times are seconds since the epoch; `host` is a machine's name, and "" the only one that there is.

        Everything raises DataError for a store that is damaged, locked, or of another version, and says what to do.
        """

        def record(self, seen: Inventory) -> tuple[Change, ...]:
            """Keep a look, whole or not at all; what changed since the one before.

            The first look changes nothing, and the same look twice is kept once. A partial look, and one that is older
            than the last of its machine, is refused with BadInput. What earlier looks could not have shown is no
            change, and neither is a holder whom one of two looks knows less of (model/coverage.py).
            """

        def hosts(self) -> tuple[str, ...]:
            """The machines that there are looks of, by name."""

        def looks(self, host: str = "", since: float = 0.0, limit: int = 1000) -> tuple[Look, ...]:
            """The looks since a time, the latest first."""

        def at(self, when: float, host: str = "") -> Moment | None:
            """What was open at a time, by the last look before it; None where nobody had looked yet.

            An opening that this look would not have shown, and that no look until then missed, counts as open.
            """

        def history(self, transport: str, port: int | None, host: str = "") -> tuple[Span, ...]:
            """Everything that was ever seen on a port, the latest first. transport "" is any, port None is any."""

        def new(self, since: float, host: str = "") -> tuple[Span, ...]:
            """What was first seen after a time, where an earlier look would have shown it; the latest first."""

        def changes(self, since: float, host: str = "") -> tuple[Change, ...]:
            """What changed after a time, the latest first."""

        def presence(self, since: float = 0.0, host: str = "") -> tuple[Presence, ...]:
            """How constantly each opening was there."""

        def first_seen(self, host: str = "") -> dict[str, float]:
            """When each key was first seen, those too under which looks of other rights have shown it."""

        def trim(self, before: float, most: int) -> int:
            """Forget spans that closed before a time, and the oldest while the store takes more than `most` bytes;
            how many spans went."""

        def close(self) -> None:
            """Let go of the store."""
