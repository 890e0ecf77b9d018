"""`hb ls` of another time: what was open then, and what is new since. Only asked for by --at and --new."""

from __future__ import annotations

from hb_engine.faces.cli.times import past
from hb_engine.faces.stories.order import in_order, is_noise
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.filters import Test
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.faces.document import Document

SINCE = "1d"


def refuse(asked: Asked) -> bool:
    """Whether another time is asked for. Raises BadInput for options that do not go together."""
    if asked.text("at") and asked.flag("new"):
        raise BadInput("--at and --new are two questions", "Ask one of them.")
    if asked.text("since") and not asked.flag("new"):
        raise BadInput(
            "--since goes with --new", "Type hb ls --new --since 2d, or hb ls --at 2d for what was open then."
        )
    then = bool(asked.text("at")) or asked.flag("new")
    if then and asked.flag("identify"):
        raise BadInput("--identify asks what is open now", "Leave --identify out.")
    if asked.text("host") and not then:
        raise BadInput("--host goes with --at and --new", "hb ls alone looks at this machine.")
    return then


def listing(asked: Asked, output: Output, wanted: list[Test]) -> int:
    """List what was open, or is new. Returns 0; raises BadInput, DataError."""
    when = past(asked.text("at") or asked.text("since") or SINCE, output.now)
    from hb_engine.app.remembering import history  # mistakes need none of it
    from hb_engine.faces.stories import history as story

    if asked.flag("new"):
        told = history.new(when, asked.text("host"))
        openings = tuple([span.opening for span in told.spans])
        said = "what is new since a time"
        seen = Inventory(Host(told.host, ""), told.last or 0.0, Coverage(privileged=False, partial=said), openings)
        remark = story.new_since(told, when, output.now)
    else:
        found = history.at(when, asked.text("host"))
        seen, remark = found.seen, story.as_of(found, output.now)
    return _show(asked, output, wanted, seen, remark)


def _show(asked: Asked, output: Output, wanted: list[Test], seen: Inventory, remark: Document) -> int:
    rows = [one for one in seen.openings if all(test(one) for test in wanted)]
    rows = in_order(rows, asked.text("sort") or "port", reverse=asked.flag("reverse"))
    if asked.flag("json"):
        from hb_engine.faces.export.documents import inventory  # people need none of it

        partial = seen.coverage.partial or ("filters" if wanted else "")
        coverage = replace(seen.coverage, partial=partial)
        output.write(inventory(replace(seen, coverage=coverage, openings=tuple(rows))))
        return 0
    from hb_engine.faces.stories.listing import footer, tell  # programs need none of it

    everything = asked.flag("all") or bool(asked.many("port") or asked.many("kind"))
    shown = [one for one in rows if everything or not is_noise(one)]
    output.show(tell(shown, output.now, wide=asked.flag("wide"), header=not asked.flag("no-header")))
    output.remark(remark)
    left = footer(len(shown), len(rows), len(seen.openings), Coverage(privileged=True))
    if left and seen.openings:
        output.remark(left)
    return 0
