"""What is wrong with a baseline, as compilers say it: the place, what it is, the line, and a caret under the character.

Lines are people's, and may be long or hold anything: a window of them is shown around the caret, tabs as spaces. It
refuses to tell more than a person reads at once; what is left out is counted.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Document, Paragraph, Span, line
from hb_engine.faces.text import ELLIPSIS, clip, escape, joined, plural, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.ruling.lint import Linted
    from hb_engine.faces.document import Block
    from hb_engine.model.baseline import Problem

MOST = 200  # problems of one page
WIDEST = 208  # columns of a page that goes to no terminal
GUTTER = 8  # columns of a line's number and the bar behind it
STYLES = {"error": "high", "warning": "medium"}


def page(found: Linted, columns: int | None = None) -> Document:
    """Every problem, and what it comes to; fitted to the columns of a terminal, where there is one."""
    room = max(24, (columns or WIDEST) - GUTTER)
    blocks: list[Block] = []
    for problem in found.problems[:MOST]:
        blocks += _problem(problem, found.lines.get((problem.where.file, problem.where.line), ""), room)
        blocks.append(Blank())
    if len(found.problems) > MOST:
        blocks.append(
            Paragraph(line(f"{plural(len(found.problems) - MOST, 'more problem')} left out: correct these first."))
        )
    blocks.append(Paragraph(line(*_summary(found))))
    return Document(tuple(blocks))


def _problem(problem: Problem, source: str, room: int) -> list[Block]:
    head = line(Span(f"{problem.where.text}: ", "strong"), Span(f"{problem.level}: ", _style(problem)), problem.message)
    blocks: list[Block] = [Paragraph(head)]
    if not source.strip() or not problem.where.column:
        return [*blocks, *([Paragraph(line(problem.hint), 4)] if problem.hint else [])]
    shown, caret = window(source, problem.where.column, room)
    number = f"{problem.where.line:>5} | "
    blocks.append(Paragraph((Span(number, "dim"), Span(shown, "code"))))
    under = f"{'':>5} | "
    beside = caret + 2 + width(escape(problem.hint)) <= room
    mark = (Span(f"{under}{' ' * caret}", "dim"), Span("^", _style(problem)))
    blocks.append(Paragraph((*mark, *line(f" {problem.hint}" if beside and problem.hint else ""))))
    if not beside:
        blocks.append(Paragraph(line(problem.hint), GUTTER))
    return blocks


def window(source: str, column: int, room: int) -> tuple[str, int]:
    """The part of a line around a column (from 1) that has room, as it is shown, and its width before the caret."""
    before = escape(source[: column - 1].replace("\t", "    "))
    after = escape(source[column - 1 :].rstrip().replace("\t", "    "))
    most = max(room * 2 // 3, room - width(after))
    if width(before) > most:
        while width(before) > most - 1:
            before = before[max(1, (width(before) - most) // 2) :]
        before = f"{ELLIPSIS}{before}"
    return before + clip(after, max(1, room - width(before))), width(before)


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
