"""`hb review`: what nobody decided yet, one card at a time, decided by keys."""

from __future__ import annotations

import os
import sys

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.changing.review import Session
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
VERB = Verb(
    "review",
    "decide what is open, one card at a time",
    Argument("FILE", "inventories (hb snapshot, hb ls --json) of any number of machines, instead of this one"),
    (
        Option("file", "the file of the baseline that rules go into, accepted.toml by default", "", "NAME"),
        Option("baseline", "the folder of the rules", "", "DIR"),
        JSON,
    ),
    (
        ("hb review", "what is drift or debt on this machine"),
        ("hb review *.hbsnap", "of many machines, each key once"),
    ),
    "a allows, t allows for a time, f forbids, e explains, s skips, u takes the last decision back, q ends. A rule is "
    "shown before it is written, and written when Enter confirms it; leaving in whatever way writes nothing else. "
    "Who answers is offered from $HB_OWNER, else from git. Without a terminal: hb accept. With --json "
    "the cards are written, and nothing is asked.",
)


def run(asked: Asked, output: Output) -> int:
    """Review. Returns 0; 130 where it was interrupted. Raises BadInput without a terminal, CannotLook, DataError."""
    if asked.flag("json"):
        from hb_engine.faces.export import flow as export  # people need none of it

        output.write(export.cards(_begun(asked, output)))
        return 0
    if os.name != "posix" or not (output.terminal and _is_terminal()):
        raise BadInput(
            "hb review asks questions, and there is no terminal to ask them on",
            "hb check --all tells the keys, hb accept KEY --why TEXT --owner NAME decides one.",
        )
    from hb_engine.app.changing.review import person  # help and mistakes need none of it

    return _reviewed(_begun(asked, output), output, person())


def _begun(asked: Asked, output: Output) -> Session:
    """The look that is reviewed, with how far it is on stderr."""
    from hb_engine.app.changing import review  # as above
    from hb_engine.faces.cli.progress import overwritten

    line = overwritten(output)

    def tell(what: str, done: int, count: int) -> None:
        line.show(f"{what} {done} of {count}")

    try:
        return review.begin(
            asked.words, baseline=asked.text("baseline"), file=asked.text("file"), now=output.now, tell=tell
        )
    finally:
        line.clear()


def _reviewed(session: Session, output: Output, owner: str) -> int:
    from hb_engine.faces.cli.keys import Keys  # brings termios along
    from hb_engine.faces.cli.reviewing import CLEAR, Review
    from hb_engine.faces.stories import card as story

    clear = os.environ.get("TERM", "dumb") != "dumb"
    status, skipped, left = 0, 0, 0
    if session.cards:
        with Keys() as keys:
            review = Review(session, keys, output, owner, clear=clear)
            try:
                review.run()
            except KeyboardInterrupt:
                status = INTERRUPTED
            skipped, left = review.skipped, review.left
        output.write(CLEAR if clear else "\n")
    output.show(story.end(session, skipped, left))
    return status


def _is_terminal() -> bool:
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # closed
        return False
