"""`hb learn`: what is there now becomes known, so that only what comes after is news."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.changing.learn import Taught
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "learn",
    "make known what is open, so that only what is new is news",
    None,
    (
        Option("now", "take one look: what is open is debt from now on, not drift"),
        Option("for", "what comes during this time is debt too", "", "14d"),
        Option("identify", "ask each listener, over this machine's own addresses, what it speaks", "i"),
        Option("baseline", "the folder of the rules; it is made where it is not there", "", "DIR"),
        JSON,
    ),
    (
        ("hb learn --now", "begin a baseline here: hb.d, and hb.lock beside it"),
        ("hb learn --for 14d", "learn for two weeks, with looks that hb record takes"),
        ("hb learn", "how far it has come"),
    ),
    "It writes hb.lock, which holds what was observed, and a first hb.d/hb.toml where there is no baseline yet: in the "
    "root of the git work tree, else here; into /etc only by --baseline. Nothing is accepted by it: what was there is "
    "debt, which hb check counts apart, until somebody reviews it.",
)


def run(asked: Asked, output: Output) -> int:
    """Learn, or tell how far it is. Returns 0; raises BadInput, CannotLook, DataError."""
    seconds = length(asked.text("for"))
    if asked.flag("now") or seconds is not None:
        if asked.flag("now") and seconds is not None:
            raise BadInput("--now and --for are two ways to learn", "Say one of them.")
        taught = _learn(asked, output, seconds)
        _tell(asked, output, "taught", taught)
        return 0
    if asked.flag("identify"):
        raise BadInput("--identify is for looks", "Say hb learn --now --identify.")
    from hb_engine.app.changing.learn import standing  # help and mistakes need none of it

    _tell(asked, output, "standing", standing(baseline=asked.text("baseline")))
    return 0


def length(text: str) -> int | None:
    """Seconds of --for. Raises BadInput."""
    if not text:
        return None
    from hb_engine.baseline.language import times  # only where it is said
    from hb_engine.baseline.language.nodes import Mistake

    try:
        return times.length(text)
    except Mistake as error:
        raise BadInput(f"--for: {error.message}", error.remedy) from error


def _learn(asked: Asked, output: Output, seconds: int | None) -> Taught:
    from hb_engine.app.changing.learn import learn  # help and mistakes need none of it
    from hb_engine.faces.cli.progress import overwritten

    line, done = overwritten(output), 0

    def tell() -> None:
        nonlocal done
        done += 1
        line.show(f"asking what speaks: {done}")

    try:
        return learn(baseline=asked.text("baseline"), seconds=seconds, identify=asked.flag("identify"), tell=tell)
    finally:
        line.clear()


def _tell(asked: Asked, output: Output, page: str, found: object) -> None:
    """A page for people or a document for programs: both rooms have a function of that name."""
    if asked.flag("json"):
        from hb_engine.faces.export import flow as export  # people need none of it

        output.write(getattr(export, page)(found))
        return
    from hb_engine.faces.stories import learn as story  # programs need none of it

    output.show(getattr(story, page)(found, output.now))
