"""`hb` alone: this machine in one screen, the worst on top, and what to type next."""

from __future__ import annotations

from time import perf_counter

from hb_engine.faces.cli.options import JSON, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "summary",
    "this machine in one screen: what is open, who opened it, what to look at first",
    options=(JSON,),
    examples=(("hb", "the screen"), ("hb --json", "all of it, as hb ls --json")),
    detail="✗ look first, ● worth a look, ○ nothing odd. What is quiet and on this machine only is counted.",
)


def run(asked: Asked, output: Output) -> int:
    """Show the screen. Returns 0."""
    from hb_engine.app.look import look  # help and mistakes need none of it

    begun = perf_counter()
    seen = look()
    took = perf_counter() - begun
    if asked.flag("json"):
        from hb_engine.faces.export.documents import inventory

        output.write(inventory(seen))
        return 0
    from hb_engine.faces.stories.summary import tell

    output.show_fitting(lambda rows: tell(seen, output.now, took, rows))
    return 0
