"""What a person filled in, as a wish that baseline/accepting.py understands; and what is wrong with it, field by field.

Everything here came over a pipe from a process that is trusted with nothing, or was typed: it is checked word by word.
It refuses nothing by raising: whoever typed gets all mistakes at once, beside their fields.
"""

from __future__ import annotations

from hb_engine.baseline import accepting
from hb_engine.baseline.accepting import Wish
from hb_engine.baseline.language import times
from hb_engine.baseline.language.nodes import Mistake
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.errors import BadInput
from hb_engine.model.record import items, record
from hb_engine.wire.dates import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hb_engine.model.baseline import Baseline

DECISIONS = ("allow", "temporary", "forbid")
LONGEST = 20_000  # characters of a text: a key may hold a long path
MOST, MOST_DAYS = 64, 36500  # findings that one rule accepts, days


@record
class Asked:
    """A decision as it was asked for: about which key on which machine, as what it was shown, and what was filled in.

    `until` and `review` are days or times as rules have them (2027-06-30), `days` a number; `only` is "" for every
    machine, host:NAME or role:NAME; `scope` is "" for the one that was observed. `seen` is the fingerprint of what was
    shown, `mark` that of the draft that was; `user` and `uid` are those of the session.
    """

    key: str = ""
    host: str = ""
    seen: str = ""
    decision: str = ""
    why: str = ""
    owner: str = ""
    until: str = ""
    days: str = ""
    review: str = ""
    only: str = ""
    scope: str = ""
    file: str = ""
    accepts: tuple[str, ...] = ()
    mark: str = ""
    ticket: str = ""
    user: str = ""
    uid: int | None = None


@record
class Wrong:
    """A mistake in a field: a word for programs, and a sentence with what to do where no word says it."""

    field: str
    code: str
    message: str = ""
    remedy: str = ""


def checked(one: Asked) -> Asked:
    """A decision of which every word is of its kind and bounded. Raises BadInput."""
    for name, value in items(one):
        if not _fits(name, value):
            raise BadInput(f"a decision cannot say {name} so", "Load the page again, and send it from there.")
    return one


def _fits(name: str, value: object) -> bool:
    if name == "uid":
        return value is None or (isinstance(value, int) and not isinstance(value, bool))
    if name == "accepts":
        return isinstance(value, tuple) and len(value) <= MOST and all(_is_text(each) for each in value)
    return _is_text(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def wish(one: Asked, baseline: Baseline, hosts: Sequence[str], now: float) -> tuple[Wish | None, tuple[Wrong, ...]]:
    """The wish, or None with everything that is wrong; `now` is in seconds since the epoch."""
    wrong: list[Wrong] = [*_missing(one), *_places(one, baseline, hosts)]
    until = _end(one, now) if one.decision == "temporary" else None
    review = _day(one.review.strip(), "review", now) if one.review.strip() else None
    wrong += [each for each in (until, review) if isinstance(each, Wrong)]
    if wrong or isinstance(until, Wrong) or isinstance(review, Wrong):
        return None, tuple(wrong)
    kind, _, name = one.only.partition(":")
    made = Wish(
        " ".join(one.why.split()),
        " ".join(one.owner.split()),
        "forbid" if one.decision == "forbid" else "allow",
        until,
        review,
        name if kind == "host" else "",
        name if kind == "role" else "",
        one.scope,
        one.accepts,
    )
    return made, ()


def _missing(one: Asked) -> Iterator[Wrong]:
    if one.decision not in DECISIONS:
        yield Wrong("decision", "decision")
    if not one.why.strip():
        yield Wrong("why", "why")
    if not one.owner.strip():
        yield Wrong("owner", "owner")


def _places(one: Asked, baseline: Baseline, hosts: Sequence[str]) -> Iterator[Wrong]:
    kind, _, name = one.only.partition(":")
    known = {"host": list(hosts), "role": [role.name for role in baseline.roles]}.get(kind, [])
    if one.only and name not in known:
        yield Wrong("only", "only")
    if one.scope and one.scope not in SCOPES:
        yield Wrong("scope", "scope")
    try:
        accepting.file_of(one.file.strip())
    except BadInput as error:
        yield Wrong("file", "file", error.message, error.remedy)


def _end(one: Asked, now: float) -> int | Wrong:
    """When a temporary rule ends: with a day, or after some days."""
    day, days = one.until.strip(), one.days.strip()
    if day and days:
        return Wrong("until", "until-twice")
    if day:
        return _day(day, "until", now)
    if not days:
        return Wrong("until", "until")
    if not (days.isascii() and days.isdigit() and 0 < int(days[:9]) <= MOST_DAYS):
        return Wrong("days", "days")
    return int(now // DAY) * DAY + int(days[:9]) * DAY + DAY - 1  # the whole of that day, so that its text is a day


def _day(text: str, field: str, now: float) -> int | Wrong:
    try:
        at, _ = times.moment(text, ends=True)
    except Mistake:
        return Wrong(field, "day")
    return at if at > now else Wrong(field, "past")


def settled(one: Asked, made: Wish) -> Asked:
    """The same decision with its end as a time, so that it says tomorrow what it says today."""
    from hb_engine.baseline.blocks import moment
    from hb_engine.model.record import replace

    until = moment(made.until) if made.until is not None else ""
    review = moment(made.review) if made.review is not None else ""
    return replace(one, until=until, days="", review=review, mark="", ticket="")
