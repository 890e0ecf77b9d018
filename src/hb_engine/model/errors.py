"""Every error that hb raises on purpose, as one tree.

    HbError                    what happened, where, and what to do next
    ├── BadInput               the person asked for something that cannot be (exit 2)
    ├── DataError              a data file is missing, corrupt, half-written or too old
    ├── CannotLook             the kernel, or a right that is missing, kept hb from looking
    │   └── Truncated          an answer of the kernel ended before its end
    └── Unreachable            a service on the network did not answer usefully
        └── TooSoon            it asked to be left alone for a while

A message is one sentence of what happened; `remedy` says what to do next. Neither holds unescaped strangers' bytes.
"""

from __future__ import annotations


class HbError(Exception):
    """The root: a sentence for a person, and what that person can do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class BadInput(HbError):
    """The request itself cannot be answered: port 65536, an unknown option, a filter with a typing mistake."""


class DataError(HbError):
    """A data file is missing, corrupt, half-written, or of a format this version does not read."""


class CannotLook(HbError):
    """Something could not be observed. Collectors turn it into a Gap; it is never swallowed."""


class Truncated(CannotLook):
    """Bytes ended before the structure that they promised."""


class Unreachable(HbError):
    """A service on the network gave no answer that can be used."""


class TooSoon(Unreachable):
    """The service, or its terms, ask us to wait."""
