"""Rules for other programs, made from a baseline and never applied: one program, one file, `FORMAT` and `write(order)`.

`write(order)` makes files, as pairs of a name and a text (one for most). What a rule says that the program cannot
be told stands beside it as a comment, for a rule that silently lost half of its meaning is worse than none. No text of
a rule becomes syntax.
"""

from __future__ import annotations

import sys

from hb_engine.faces.export import formats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from hb_engine.app.ruling.generate import Order
    from hb_engine.faces.export.formats import Format

    class Generator(Protocol):
        """A file in this folder."""

        FORMAT: Format

        def write(self, order: Order) -> tuple[tuple[str, str], ...]:
            """Files: names and texts."""


def names() -> tuple[str, ...]:
    """The programs that rules can be made for, sorted."""
    return formats.names(sys.modules[__name__])


def load(name: str) -> Generator:
    """The module of a generator. Raises BadInput, with what was probably meant, for one that there is not."""
    module: Generator = formats.load(sys.modules[__name__], name, "generator")
    return module
