"""`hb diff A B`: what differs between two inventories, of two times or of two machines."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "diff",
    "what differs between two snapshots, or two machines",
    Argument("FILE", "two files or folders: snapshots, scans, ss -tulpen, osquery; here is this machine", 2, 2),
    (JSON,),
    (
        ("hb diff before.hbsnap here", "what changed since a snapshot"),
        ("hb diff web-1.hbsnap web-2.hbsnap", "two machines that should be alike"),
        ("hb diff monday/ tuesday/", "folders of many machines, each held against itself"),
    ),
    "Pids, inodes and order are no difference; a wider address is one difference and not two. Gone is said only of "
    "what the second would have shown. Exit status 0 where nothing differs, 1 where something does, as diff(1).",
)


def run(asked: Asked, output: Output) -> int:
    """Show what differs. Returns 1 where something does; raises BadInput, CannotLook, DataError."""
    from hb_engine.app.looking.diff import diff  # help and mistakes need none of it

    found = diff(*asked.words[:2])
    if asked.flag("json"):
        from hb_engine.faces.export import history_json  # people need none of it

        output.write(history_json.diff(found))
    else:
        from hb_engine.faces.stories.diff import tell  # programs need none of it

        output.show(tell(found, output.now))
    return 1 if any(one.changes for one in found) else 0
