"""`hb` alone: this machine in one screen, the worst on top, and what to type next."""

from __future__ import annotations

from time import perf_counter

from hb_engine.faces.cli.options import JSON, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.faces.document import Field
    from hb_engine.model.inventory import Inventory

DAY = 86400.0  # seconds
VERB = Verb(
    "summary",
    "this machine in one screen: what is open, who opened it, what to look at first",
    options=(JSON,),
    examples=(("hb", "the screen"), ("hb --json", "all of it, as hb ls --json")),
    detail="✗ look first, ● worth a look, ○ nothing odd. What is quiet and on this machine only is counted.",
)


def run(asked: Asked, output: Output) -> int:
    """Show the screen. Returns 0."""
    from hb_engine.app.looking.look import look  # help and mistakes need none of it

    begun = perf_counter()
    seen = look()
    took = perf_counter() - begun
    if asked.flag("json"):
        from hb_engine.faces.export.documents import inventory

        output.write(inventory(seen))
        return 0
    from hb_engine.app.ruling.standing import standings
    from hb_engine.faces.stories.summary import tell

    further, ruled = _since(seen, output), standings(seen)
    output.show_fitting(lambda rows: tell(seen, output.now, took, rows, further, standings=ruled))
    return 0


def _since(seen: Inventory, output: Output) -> tuple[Field, ...]:
    """What changed since yesterday, or since the last look; a hint, once, where no look was ever kept."""
    from hb_engine.app.remembering import history

    told = history.news(output.now - DAY)
    if told is not None and told.last is not None:
        from hb_engine.faces.stories.history import since_line  # only where there is history

        line = since_line(told, frozenset([one.key for one in seen.openings]), output.now)
        return (line,) if line else ()
    if not output.terminal or not history.hint():
        return ()
    from hb_engine.faces.stories.history import HINT  # once

    return (HINT,)
