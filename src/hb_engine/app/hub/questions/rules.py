"""What is to be known of the rules beyond a sight: every mistake in their files, and those that nothing has used."""

from __future__ import annotations

from hb_engine.app.hub.questions import Question
from hb_engine.model.baseline import Problem
from hb_engine.model.errors import HbError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place
    from hb_engine.app.ruling.lint import Linted

QUESTION = Question("rules", "what is wrong with the rules, and which of them nothing has used", slow=True)
DAYS = 90
MOST = 500  # mistakes that are told one by one


@record
class Mistake:
    """A problem, with the line that it stands in."""

    problem: Problem
    line: str = ""


@record
class Rules:
    """The files of the rules, their mistakes, and the rules (id, place) that covered nothing in some `days`.

    `since` is from when on history knows; `looks` how many looks it holds since. Where nobody knows what was used,
    `untold` says why, and `remedy` what to do. `more` are mistakes that are not told one by one.
    """

    folder: str
    files: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()
    more: int = 0
    errors: int = 0
    days: int = DAYS
    unused: tuple[tuple[str, str], ...] = ()
    of: int = 0
    since: float = 0.0
    looks: int = 0
    short: bool = False
    untold: str = ""
    remedy: str = ""


def answer(place: Place, days: int = DAYS) -> Rules:
    """All of it. Raises BadInput where there is no baseline."""
    from hb_engine.app.ruling.lint import lint

    found = lint(baseline=place.baseline)
    made = _rules(found)
    if made.errors:
        return _with(made, untold="the rules cannot be used as they are", remedy="Correct them first.")
    from hb_engine.app.changing.prune import prune  # reads the history

    try:
        pruned = prune(min(max(days, 1), 3650), place.baseline)
    except HbError as error:
        return _with(made, untold=error.message, remedy=error.remedy)
    return _with(
        made,
        days=pruned.days,
        unused=tuple([(rule.id, rule.where.text) for rule in pruned.rules]),
        of=pruned.of,
        since=pruned.since,
        looks=pruned.looks,
        short=pruned.is_short,
    )


def _rules(found: Linted) -> Rules:
    told = [Mistake(one, found.lines.get((one.where.file, one.where.line), "")[:400]) for one in found.problems[:MOST]]
    more = max(len(found.problems) - MOST, 0)
    return Rules(found.paths[0], found.files, tuple(told), more, found.count("error"))


def _with(made: Rules, **words: object) -> Rules:
    from hb_engine.model.record import replace

    return replace(made, **words)
