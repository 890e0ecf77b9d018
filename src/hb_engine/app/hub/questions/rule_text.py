"""A rule as it is written: its lines in its file, the comments above it included."""

from __future__ import annotations

from hb_engine.app.hub.questions import Question
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place
    from hb_engine.model.baseline import Rule

QUESTION = Question("rule-text", "a rule as it is written")
AROUND = 12  # lines that are shown of a file in which hb cannot tell where a rule ends
PACK = "pack:"  # what the place of a pack's rule begins with


@record
class RuleText:
    """The lines of a rule, from `first` on; `whole` where they are all of it, and nothing else."""

    file: str
    first: int
    text: str
    whole: bool


def answer(place: Place, rule: str) -> RuleText:
    """The text of the rule of an id. Raises BadInput where there is none any more."""
    from hb_engine.app.ruling import baseline

    folder = baseline.locate(place.baseline)
    if folder is None:
        raise BadInput("there is no baseline", baseline.BEGIN)
    texts = baseline.gathered([folder])
    found = next((one for one in baseline.parsed(texts).baseline.rules if one.id == rule), None)
    if found is None:
        raise BadInput(f"the rules hold no {rule!r} any more", "Load the page again.")
    file = found.where.file
    text = baseline.pack_text(found.pack) if found.pack else dict(texts.files).get(file)
    if text is None:
        raise BadInput(f"{file} cannot be read any more", "Load the page again.")
    return lines_of(found, file, text)


def lines_of(rule: Rule, file: str, text: str) -> RuleText:
    """The lines of a rule in a text."""
    from hb_engine.baseline.blocks import tables

    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if file.endswith(".toml") or rule.pack:
        for table in tables("\n".join(lines)):
            if table.head + 1 <= rule.where.line <= table.end:
                return RuleText(file, table.first + 1, "\n".join(lines[table.first : table.end]), whole=True)
    first = max(rule.where.line, 1)
    return RuleText(file, first, "\n".join(lines[first - 1 : first - 1 + AROUND]), whole=False)
