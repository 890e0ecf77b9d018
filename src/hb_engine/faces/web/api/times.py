"""Times in the API's documents: text, ISO 8601 in UTC, as the command line's contract has them (RFC 3339)."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

Time: TypeAlias = Annotated[
    str, Meta(pattern=r"^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", extra_json_schema={"format": "date-time"})
]
