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
    from hb_engine.faces.cli.progress import Fetching, overwritten  # as above

    line = overwritten(output, every=0.0)
    try:
        result = update(Fetching(line))
    finally:
        line.clear()
    if asked.flag("json"):
        from hb_engine.faces.export import documents  # people need none of it

        output.write(documents.update(result))
        return 0
    from hb_engine.faces.stories.update import tell  # programs need none of it

    output.show(tell(result))
    return 0
