"""What the pages ask of the process that has rights: one question, one file, QUESTION and answer().

    QUESTION = Question("machine-past", "what was open on a machine, and when")
    def answer(place: Place, host: str = "", days: int = 90) -> Past: ...

Arguments are text, numbers, booleans and lists of them, by name: whoever asks is trusted with nothing, so an answer
checks what it is given and raises BadInput. What it returns is a record. Raises what model/errors.py has.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


@record
class Question:
    """A question's name, what it asks, and whether answering it changes something: then it takes the right to write.

    One that may take more than a moment (the network is asked, say) is `slow`: a child answers it, and others go on.
    """

    name: str
    summary: str
    writes: bool = False
    slow: bool = False


@record
class Place:
    """What the answering process was started with: who may write, and where the rules and files are."""

    writing: bool = False
    baseline: str = ""  # --baseline; "" finds one as hb check does
    files: tuple[str, ...] = ()  # of other machines


def names() -> tuple[str, ...]:
    """The questions that there are, by the files of this folder."""
    import os  # asked once, at the start
    from pkgutil import iter_modules

    found = [one.name for one in iter_modules([os.path.dirname(__file__)])]
    return tuple(sorted([name.replace("_", "-") for name in found]))


def load(name: str) -> tuple[Question, Callable[..., Any]]:
    """A question and what answers it. Raises BadInput for one that there is not."""
    if name not in names():
        raise BadInput(f"there is no question {name!r}", "This is a fault of hb serve, or somebody tries it out.")
    from importlib import import_module  # as above

    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    return module.QUESTION, module.answer
