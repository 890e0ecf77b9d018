"""`hb update`: the registry's own data, fetched when a person asks."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

WIDTH = 30  # columns of the bar
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

    bar = _Bar(output) if output.terminal else None  # a log wants the result
    try:
        result = update(bar)
    finally:
        if bar:
            bar.clear()
    if asked.flag("json"):
        from hb_engine.faces.export import documents  # people need none of it

        output.write(documents.update(result))
        return 0
    from hb_engine.faces.stories.update import tell  # programs need none of it

    output.show(tell(result))
    return 0


class _Bar:
    """How much has come, on one line of a terminal that is overwritten and at last taken away."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._shown = ""

    def __call__(self, came: int, announced: int | None) -> None:
        """Bytes so far, and bytes announced (None where the server did not say)."""
        share = min(came / announced, 1.0) if announced else 0.0
        bar = "[" + ("#" * int(share * WIDTH)).ljust(WIDTH, ".") + f"] {share:4.0%} " if announced else ""
        self._show(f"{bar}{came / 1024:,.0f} KiB")

    def clear(self) -> None:
        """Leave the line as it was."""
        self._show("")

    def _show(self, text: str) -> None:
        if text != self._shown and self._output.stderr is not None:
            self._output.stderr.write("\r" + text.ljust(len(self._shown)) + ("" if text else "\r"))
            self._output.stderr.flush()
            self._shown = text
