"""`hb scope`: what may be scanned, why, and who changed that; and the record of what was."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

DEEDS = ("list", "add", "exclude", "remove", "check", "log")
FEW = 20  # records that are shown
VERB = Verb(
    "scope",
    "what hb scan may ask, and what it asked",
    Argument(
        "DEED", "list, add, exclude, remove, check or log; and after all but list and log, networks, addresses or names"
    ),
    (
        Option("why", "add, exclude: the reason; an allowance needs one", "", "TEXT"),
        Option("until", "add: the last day of the allowance, such as 2026-12-31", "", "DATE"),
        Option("last", "log: so many records", "n", "N", "int", low=1, high=1000),
        JSON,
    ),
    (
        ("hb scope", "what may be scanned"),
        ("hb scope add 198.18.5.0/24 --why tests --until 2027-06-30", "allow a network for a time"),
        ("hb scope exclude 10.0.5.1 --why 'the old printer'", "never, whatever else allows it"),
        ("hb scope check 10.0.5.0/24", "what of it would be scanned, and by which line"),
        ("hb scope log", "the last scans: who, when, what"),
    ),
    "Without a line, only private, link-local and attached networks and this machine itself may be scanned; addresses "
    "that no host has never are. Exclusions win. A name is allowed with the addresses that it has when it is added. "
    "The administrator's file /etc/hb-engine/scope.toml is read first. A check of which something would not be scanned "
    "is exit status 1.",
)


def run(asked: Asked, output: Output) -> int:
    """Do what the first word says. Raises BadInput for mistakes, DataError for a file that cannot be trusted."""
    deed, words = (asked.words[0], asked.words[1:]) if asked.words else ("list", ())
    _refuse(asked, deed, words)
    if deed in ("add", "exclude", "remove"):
        return _change(asked, deed, words, output)
    from hb_engine.app.scanning import scope  # help and mistakes need none of it

    if deed == "check":
        found = scope.check(words)
        _tell(asked, output, "checked", found)
        return 0 if found.allowed.addresses.count == len(found.targets) else 1
    if deed == "log":
        _tell(asked, output, "log", scope.records(asked.number("last") or FEW))
    else:
        _tell(asked, output, "listing", scope.listing())
    return 0


def _change(asked: Asked, deed: str, words: tuple[str, ...], output: Output) -> int:
    from hb_engine.app.scanning import scope  # as above

    if deed == "add":
        done = scope.add(words, why=asked.text("why"), until=asked.text("until"))
    elif deed == "exclude":
        done = scope.exclude(words, why=asked.text("why"))
    else:
        done = scope.remove(words)
    _tell(asked, output, "edited", done)
    return 0


def _tell(asked: Asked, output: Output, page: str, found: object) -> None:
    """A page for people or a document for programs: both rooms have a function of that name."""
    if asked.flag("json"):
        from hb_engine.faces.export import scope as export  # people need none of it

        output.write(getattr(export, page)(found))
        return
    from hb_engine.faces.stories import scope as story  # programs need none of it

    output.show(getattr(story, page)(found, *((output.now,) if page == "log" else ())))


def _refuse(asked: Asked, deed: str, words: tuple[str, ...]) -> None:
    """Mistakes are told before any file is opened."""
    if deed not in DEEDS:
        from hb_engine.model.nearest import nearest  # only after a mistake

        meant = nearest(deed, DEEDS)
        if not meant and any(letter in deed for letter in ".:"):
            meant = f"check {deed}"  # an address, or a name
        hint = f"Did you mean hb scope {meant}?" if meant else f"It is one of {', '.join(DEEDS)}."
        raise BadInput(f"hb scope knows no {deed!r}", hint)
    if deed in ("list", "log") and words:
        raise BadInput(f"hb scope {deed} takes no {words[0]!r}", f"Did you mean hb scope check {words[0]}?")
    if deed not in ("list", "log") and not words:
        raise BadInput(f"hb scope {deed} needs networks, addresses or names", f"Type hb scope {deed} 10.0.0.0/24.")
    for option, deeds in (("why", ("add", "exclude")), ("until", ("add",)), ("last", ("log",))):
        if (asked.text(option) or asked.number(option) is not None) and deed not in deeds:
            raise BadInput(f"--{option} says nothing to hb scope {deed}", f"It is for hb scope {' and '.join(deeds)}.")
