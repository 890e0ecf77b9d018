"""`hb prune`: rules that covered nothing for a while. A list, never a change."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Option, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

DAYS = 90
VERB = Verb(
    "prune",
    "rules that covered nothing for a while; names them and changes nothing",
    None,
    (
        Option("days", f"how far back to look, {DAYS} where nothing is said", "", "N", "int", low=1, high=36500),
        Option("baseline", "the folder of rules", "", "DIR"),
        JSON,
    ),
    (("hb prune", "the last 90 days"), ("hb prune --days 365", "a whole year, for what opens once a year")),
    "What was open comes from the history that hb record keeps. Rules that forbid are left out: they are meant to "
    "cover nothing; and so are those of packs. Always a warning, never a failure: exit status 0, or 2 for trouble.",
)


def run(asked: Asked, output: Output) -> int:
    """Name them. Returns 0."""
    from hb_engine.app.changing import prune as app  # help and mistakes need none of it

    found = app.prune(asked.number("days") or DAYS, asked.text("baseline"))
    if asked.flag("json"):
        from hb_engine.faces.export import deciding_json  # people need none of it

        output.write(deciding_json.pruned(found))
    else:
        from hb_engine.faces.stories.prune import tell  # programs need none of it

        output.show(tell(found))
    return 0
