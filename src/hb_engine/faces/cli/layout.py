"""Documents laid out as lines: columns aligned, text wrapped, tables fitted into a width or left as wide as they are.

One layout serves the terminal (a width) and the pipe (None: nothing is wrapped, dropped or cut). Every text passes
`show`, the renderer's choice of what a span reads, on its way in; escaping happens there. It refuses to know colours.
"""

from __future__ import annotations

from hb_engine.faces.document import Fields, Headline, Paragraph, Span, Table
from hb_engine.faces.text import ELLIPSIS, clip, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hb_engine.faces.document import Block, Column, Document, Line

    Show = Callable[[Span], Span]

GAP = 2  # spaces between columns
STRAY = 64  # a cell wider than this, in a table of no fixed width, moves only its own row
FLOWING = 30  # columns that a flowing cell needs to be readable beside its row; below that it goes under it
FLOWN = 3  # lines at most of a flowing cell
BELOW = 6  # columns that it is indented by there
ONE = Span(" ")


def lay_out(document: Document, show: Show, columns: int | None) -> Iterator[Line]:
    """Lines of a document in at most so many columns; None lets each line be as long as it is."""
    for block in document.blocks:
        yield from _block(block, show, columns)


def _block(block: Block, show: Show, columns: int | None) -> Iterator[Line]:
    if isinstance(block, Headline):
        yield from _headline(_shown(block.left, show), _shown(block.right, show), columns)
    elif isinstance(block, Paragraph):
        yield from wrap(_shown(block.line, show), columns, block.indent, block.indent)
    elif isinstance(block, Fields):
        yield from _fields(block, show, columns)
    elif isinstance(block, Table):
        yield from _table(block, show, columns)
    else:
        yield ()


def _shown(line: Line, show: Show) -> Line:
    return tuple([show(span) for span in line])


def line_width(line: Line) -> int:
    """Columns that a line takes."""
    return sum([width(span.text) for span in line])


def _headline(left: Line, right: Line, columns: int | None) -> Iterator[Line]:
    room = None if columns is None else columns - line_width(left) - line_width(right)
    if room is not None and right and room >= GAP:
        yield (*left, Span(" " * room), *right)
        return
    yield from wrap(left, columns, 0, 1)
    if right:
        yield from wrap(right, columns, 1 if columns else 0, 1)


def _fields(block: Fields, show: Show, columns: int | None) -> Iterator[Line]:
    edge = max([width(field.label) for field in block.fields], default=0) + 1 + GAP
    for field in block.fields:
        label = show(Span(field.label, field.style))
        for index, line in enumerate(field.lines):
            head = (ONE, label, Span(" " * (edge - 1 - width(label.text)))) if not index else (Span(" " * edge),)
            lines = wrap(_shown(line, show), columns, edge, edge)
            first = next(lines, ())
            yield head + (first[1:] if first and not first[0].text.strip() else first)
            yield from lines


def wrap(line: Line, columns: int | None, indent: int, hang: int) -> Iterator[Line]:
    """A line broken at spaces; a numbered one goes on below its text.

    Commands are never broken: one that does not fit starts a line of its own, where the terminal folds it.
    """
    hang += width(line[0].text) if line and line[0].style == "number" else 0
    start: list[Span] = [Span(" " * indent)] if indent else []
    if columns is None or indent + line_width(line) <= columns:
        yield (*start, *line)
        return
    row, used, fresh = start, indent, True
    room = max(columns, hang + 16)
    for word, spaces in _words(line, room - hang):
        taken = line_width(word)
        if not fresh and used + spaces + taken > room:
            yield tuple(row)
            row, used, fresh = [Span(" " * hang)] if hang else [], hang, True
        lead = 0 if fresh else spaces
        row += [Span(" " * lead, word[0].style), *word] if lead else word
        used, fresh = used + lead + taken, False
    if row:
        yield tuple(row)


def _words(line: Line, room: int) -> Iterator[tuple[Line, int]]:
    """Each word, of one span or of several that touch, with the number of spaces before it."""
    word: list[Span] = []
    spaces = 0
    for span in line:
        pieces = [span.text] if span.style == "command" else span.text.split(" ")
        for index, piece in enumerate(pieces):
            if index:
                yield from _cut(word, spaces, room)
                spaces = spaces + 1 if not word else 1
                word = []
            word += [Span(piece, span.style)] if piece else []
    yield from _cut(word, spaces, room)


def _cut(word: list[Span], spaces: int, room: int) -> Iterator[tuple[Line, int]]:
    """A word whole if it fits on a line or holds a command, else in pieces."""
    if not word:
        return
    if line_width(tuple(word)) <= room or any(span.style == "command" for span in word):
        yield tuple(word), spaces
        return
    for span in word:
        for piece in _pieces(span.text, room):
            yield (Span(piece, span.style),), spaces
            spaces = 0


def _pieces(text: str, room: int) -> Iterator[str]:
    while width(text) > room:
        piece = clip(text, room + 1)[:-1] or text[0]
        yield piece
        text = text[len(piece) :]
    if text:
        yield text


def _table(table: Table, show: Show, columns: int | None) -> Iterator[Line]:
    titles = [show(Span(column.title, "heading", column.plain)) for column in table.columns]
    head: list[Line] = [(title,) if title.text and table.header else () for title in titles]
    rows = [head, *[[_shown(cell, show) for cell in row] for row in table.rows]]
    kept, widths = fit(table.columns, [_natural(rows, index, columns) for index in range(len(table.columns))], columns)
    shown = [table.columns[index] for index in kept]
    if table.header and kept:
        yield _cells([head[index] for index in kept], shown, widths, columns)
    for row in rows[1:]:
        yield from _row([row[index] for index in kept], shown, widths, columns)


def _natural(rows: list[list[Line]], index: int, columns: int | None) -> int:
    widths = [line_width(row[index]) for row in rows]
    if columns is not None:
        return max(widths, default=0)
    return max([min(size, 1) if size > STRAY else size for size in widths], default=0)


def fit(columns: tuple[Column, ...], natural: list[int], room: int | None) -> tuple[list[int], list[int]]:
    """Which columns are kept (by index), and how wide each of them is, so that all fit into room.

    Columns of no content are left out. Then, while even the narrowest form does not fit, the column with the highest
    `drop` goes; then flexible columns shrink, the widest first.
    """
    kept = [index for index, size in enumerate(natural) if size]
    if room is None:
        return kept, [natural[index] for index in kept]
    while sum(_least(columns[i], natural[i]) + GAP for i in kept) - GAP + 1 > room:
        worst = max(kept, key=lambda index: columns[index].drop, default=-1)
        if worst < 0 or not columns[worst].drop:
            break
        kept.remove(worst)
    return kept, _shrink([columns[i] for i in kept], [natural[i] for i in kept], room - 1)


def _least(column: Column, natural: int) -> int:
    return min(natural, column.least) if column.flexible else natural


def _shrink(columns: list[Column], widths: list[int], room: int) -> list[int]:
    """Flowing columns give way first, for their text goes on below; then the widest, column by column."""
    excess = sum(widths) + GAP * (len(widths) - 1) - room
    while excess > 0:
        loose = [i for i, column in enumerate(columns) if widths[i] > _least(column, widths[i])]
        if not loose:
            break
        widest = max(loose, key=lambda index: (columns[index].flow, widths[index]))
        second = 0 if columns[widest].flow else max([widths[i] for i in loose if i != widest], default=0)
        floor = max(_least(columns[widest], widths[widest]), min(second, widths[widest] - 1))
        step = min(excess, widths[widest] - floor)
        widths[widest] -= step
        excess -= step
    return widths


def _row(cells: list[Line], columns: list[Column], widths: list[int], room: int | None) -> Iterator[Line]:
    last = cells[-1] if cells else ()
    if room is None or not columns or not columns[-1].flow or line_width(last) <= widths[-1]:
        yield _cells(cells, columns, widths, room)
        return
    edge = sum(widths[:-1]) + GAP * len(widths[:-1]) + 1
    if widths[-1] >= FLOWING:
        lines = wrap(last, room, edge, edge)
        first = next(lines)[1:]
        yield (*_cells([*cells[:-1], ()], columns, [*widths[:-1], 0], room, ended=False), *first)
        yield from _first(lines, FLOWN - 1, room)
    else:  # too narrow a column to read: below the row, in the whole width
        yield _cells([*cells[:-1], ()], columns, widths, room)
        yield from _first(wrap(last, room, BELOW, BELOW), FLOWN, room)


def _first(lines: Iterator[Line], most: int, room: int) -> Iterator[Line]:
    """At most so many lines; the last says with an ellipsis that there was more."""
    held: Line | None = None
    for count, line in enumerate(lines):
        if held is not None:
            yield held if count < most else _unfinished(held, room)
        held = line
        if count == most:
            return
    if held is not None:
        yield held


def _unfinished(line: Line, room: int) -> Line:
    cut = clip_line(line, room - 2)
    return cut if cut[-1].text.endswith(ELLIPSIS) else (*cut, Span(" " + ELLIPSIS, "dim"))


def _cells(
    cells: list[Line], columns: list[Column], widths: list[int], room: int | None, *, ended: bool = True
) -> Line:
    row: list[Span] = [ONE] if room is not None else []
    for index, (cell, column, size) in enumerate(zip(cells, columns, widths, strict=True)):
        content = cell if room is None else clip_line(cell, size)
        padding = Span(" " * max(0, size - line_width(content)))
        row += [Span(" " * GAP)] if index else []
        row += [padding, *content] if column.align == "right" else [*content, padding]
    while ended and row and not row[-1].text.strip():  # no spaces at the end of a line
        row.pop()
    return tuple(row)


def clip_line(line: Line, columns: int) -> Line:
    """A line in at most so many columns, an ellipsis where it was cut."""
    if line_width(line) <= columns:
        return line
    kept: list[Span] = []
    for span in line:
        size = width(span.text)
        if size >= columns:
            kept.append(Span(clip(span.text + " " if size == columns else span.text, columns), span.style))
            break
        kept.append(span)
        columns -= size
    return tuple(kept)
