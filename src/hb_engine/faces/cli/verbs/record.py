"""`hb record`: one look is kept. What changed since the one before is said; nothing is said of it with --quiet."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "record",
    "keep a look, and tell what changed since the one before",
    None,
    (
        Option("quiet", "say nothing unless something goes wrong", "q"),
        Option("repair", "set a damaged history aside, begin anew, and save what can be read"),
        Option("timer", "print what would have a look kept every five minutes; nothing is installed"),
        JSON,
    ),
    (
        ("hb record", "keep a look"),
        ("hb record --timer", "a systemd service with its timer, and a line for cron"),
        ("hb record --repair", "after a disk has lost part of the history, or the clock was ahead"),
    ),
    "Root's history is /var/lib/hb-engine/history.db, a person's own lies in the state folder; HB_HISTORY names "
    "another file. What closed more than 400 days ago is forgotten, and the file never outgrows 256 MiB.",
)


def run(asked: Asked, output: Output) -> int:
    """Keep a look. Returns 0; raises BadInput, CannotLook, DataError."""
    if asked.flag("timer") and asked.flag("repair"):
        raise BadInput("--timer and --repair are two things", "Ask for one of them.")
    if asked.flag("timer"):
        return _timer(output)
    from hb_engine.app.remembering import history  # help and mistakes need none of it

    page, done = ("repaired", history.repair()) if asked.flag("repair") else ("kept", history.take())
    if asked.flag("json"):
        from hb_engine.faces.export import history_json  # people need none of it

        output.write(getattr(history_json, page)(done))
    elif not asked.flag("quiet"):
        from hb_engine.faces.stories import history as story  # programs need none of it

        output.show(getattr(story, page)(done, *((output.now,) if page == "kept" else ())))
    return 0


def _timer(output: Output) -> int:
    """The files as they are: text for files, not for eyes."""
    from hb_engine.app.remembering.timer import timer  # nobody else needs it

    made = timer()
    where = f"{made.folder}/{made.name}"
    parts = (
        f"# {where}.service\n{made.service}",
        f"# {where}.timer\n{made.timer}",
        f"# then: systemctl daemon-reload && systemctl enable --now {made.name}.timer\n",
        f"# or, without systemd, /etc/cron.d/{made.name}:\n# {made.cron}\n",
    )
    output.write("\n".join(parts))
    return 0
