"""The register of ports, protocols and services as a document: one format, one file, `FORMAT` and `write(register)`."""

from __future__ import annotations

import sys

from hb_engine.faces.export import formats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from hb_engine.app.ruling.register import Register
    from hb_engine.faces.export.formats import Format

    class Written(Protocol):
        """A file in this folder."""

        FORMAT: Format

        def write(self, register: Register, version: str) -> str:
            """The document."""


def names() -> tuple[str, ...]:
    """The formats that there are, sorted."""
    return formats.names(sys.modules[__name__])


def load(name: str) -> Written:
    """The module of a format. Raises BadInput, with what was probably meant, for one that there is not."""
    module: Written = formats.load(sys.modules[__name__], name)
    return module
