"""`hb update`: the registry's own data, fetched when a person asks."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "update",
    "fetch IANA's registry, at most once a day",
    options=(JSON,),
    examples=(("hb update", "what is new since the packaged data"),),
    detail="New data is used once it is whole and plausible; on any failure the old stays in use.",
)


def run(asked: Asked, output: Output) -> int:
    """Fetch, and say what changed. Returns 0; raises what the fetching raises."""
    from hb_engine.app.update import update  # help and mistakes need none of it

    result = update(_telling(output))
    if asked.flag("json"):
        from hb_engine.faces.export import documents  # people need none of it

        output.write(documents.update(result))
        return 0
    from hb_engine.faces.stories.update import tell  # programs need none of it

    output.show(tell(result))
    return 0


def _telling(output: Output) -> _Progress | None:
    """Who hears of the progress: a person at a terminal. A log wants the result."""
    return _Progress(output) if output.terminal else None


class _Progress:
    """Says once that bytes are coming, and how many there will be where that is known."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._said = False

    def __call__(self, done: int, whole: int | None) -> None:
        """Take note of the bytes that came so far, of so many or of an unknown number."""
        if self._said:
            return
        self._said = True
        from hb_engine.faces.document import Document, Paragraph, Span
        from hb_engine.faces.words import size

        told = f"fetching the registry, {size(max(whole, done))}" if whole else "fetching the registry"
        self._output.remark(Document((Paragraph((Span(told, "dim"),)),)))
