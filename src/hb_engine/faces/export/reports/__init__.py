"""Reports of hb check in other programs' formats: one format, one file, with `FORMAT` and `write(reports, ...)`.

`write(reports, version, now)` makes the whole text: of any number of machines, from the version of hb and the time in
seconds since the epoch. It is pure, and every stranger's text in it is escaped as its format has it.
"""

from __future__ import annotations

import sys

from hb_engine.faces.export import formats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from hb_engine.faces.export.formats import Format
    from hb_engine.model.report import Report

    class Written(Protocol):
        """A file in this folder."""

        FORMAT: Format

        def write(self, reports: Sequence[Report], version: str, now: float, **more: str) -> str:
            """The document. A graded format (FORMAT.graded) is given `fail_on` too."""


def names() -> tuple[str, ...]:
    """The formats that there are, sorted."""
    return formats.names(sys.modules[__name__])


def load(name: str) -> Written:
    """The module of a format. Raises BadInput, with what was probably meant, for one that there is not."""
    module: Written = formats.load(sys.modules[__name__], name)
    return module
