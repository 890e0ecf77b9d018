"""What is wrong with a baseline, as compilers say it: the place, what it is, the line, and a caret under the character.

Lines are people's, and may be long or hold anything: a window of them is shown around the caret, tabs as spaces. It
refuses to tell more than a person reads at once; what is left out is counted.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Document, Paragraph, Span, line
from hb_engine.faces.text import ELLIPSIS, clip, escape, joined, plural, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.lint import Linted
    from hb_engine.faces.document import Block
    from hb_engine.model.baseline import Problem

MOST = 200  # problems of one page
WINDOW, BEFORE = 68, 48  # columns of a line that are shown, and of them before the caret
STYLES = {"error": "high", "warning": "medium"}


def page(found: Linted) -> Document:
    """Every problem, and what it comes to."""
    blocks: list[Block] = []
    for problem in found.problems[:MOST]:
        blocks += _problem(problem, found.lines.get((problem.where.file, problem.where.line), ""))
        blocks.append(Blank())
    if len(found.problems) > MOST:
        blocks.append(
            Paragraph(line(f"{plural(len(found.problems) - MOST, 'more problem')} left out: correct these first."))
        )
    blocks.append(Paragraph(line(*_summary(found))))
    return Document(tuple(blocks))


def _problem(problem: Problem, source: str) -> list[Block]:
    head = line(Span(f"{problem.where.text}: ", "strong"), Span(f"{problem.level}: ", _style(problem)), problem.message)
    blocks: list[Block] = [Paragraph(head)]
    if not source.strip() or not problem.where.column:
        return [*blocks, *([Paragraph(line(problem.hint), 4)] if problem.hint else [])]
    shown, caret = window(source, problem.where.column)
    number = f"{problem.where.line:>5} | "
    blocks.append(Paragraph((Span(number, "dim"), Span(shown, "code"))))
    under = f"{'':>5} | "
    hint = f" {problem.hint}" if problem.hint else ""
    blocks.append(Paragraph((Span(f"{under}{' ' * caret}", "dim"), Span("^", _style(problem)), *line(hint))))
    return blocks


def window(source: str, column: int) -> tuple[str, int]:
    """The part of a line around a column (from 1), as it is shown, and how many columns stand before the caret."""
    before = escape(source[: column - 1].replace("\t", "    "))
    after = escape(source[column - 1 :].rstrip().replace("\t", "    "))
    if width(before) > BEFORE:
        cut = before
        while width(cut) > BEFORE - 1:
            cut = cut[max(1, (width(cut) - BEFORE) // 2) :]
        before = f"{ELLIPSIS}{cut}"
    return before + clip(after, max(8, WINDOW - width(before))), width(before)


def _style(problem: Problem) -> str:
    return STYLES.get(problem.level, "")


def _summary(found: Linted) -> list[Span]:
    what = [plural(found.rules, "rule")]
    what += [plural(found.roles, "role")] if found.roles else []
    what += [plural(found.windows, "window")] if found.windows else []
    where = f"{joined(what)} in {plural(len(found.files), 'file')}"
    errors, warnings = found.count("error"), found.count("warning")
    told = [plural(number, name) for number, name in ((errors, "error"), (warnings, "warning")) if number]
    if not told:
        return [Span("Nothing is wrong", "none"), Span(f": {where}.")]
    style = "high" if errors else "medium"
    return [Span(joined(told), style), Span(f": {where}{' can be used' if not errors else ''}.")]
