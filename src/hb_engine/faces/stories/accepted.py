"""What `hb accept` says: the block as it stands in the file, what of it is unexpected, and the next command."""

from __future__ import annotations

from hb_engine.faces.document import Blank, Document, Paragraph, Span, command, line
from hb_engine.faces.words import duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.changing.accept import Accepted
    from hb_engine.faces.document import Block


def tell(done: Accepted, now: float) -> Document:
    """The page after a rule was written, or would have been."""
    verb = "Would be written to" if done.dry else "Written to"
    blocks: list[Block] = [Paragraph(line(f"{verb} ", Span(f"{done.path}:{done.line}", "strong"), ":")), Blank()]
    blocks += rule_text(done.text)
    blocks.append(Blank())
    blocks += [Paragraph(line(Span("note: ", "medium"), note), 1) for note in done.notes]
    if done.rule.until is not None:
        blocks.append(Paragraph(line(f"It ends in {duration(done.rule.until - int(now))}."), 1))
    blocks.append(next_command(done.dry, done.path))
    return Document(tuple(blocks))


def rule_text(text: str) -> list[Block]:
    """A block of rules as it stands in its file, a line each."""
    return [Paragraph((Span(each, "dim" if each.startswith("#") else ""),), 4) for each in text.splitlines()]


def next_command(dry: bool, path: str) -> Paragraph:
    """What to do now."""
    if dry:
        return Paragraph(line("Nothing was written: leave out ", command("--dry-run"), " to do it."), 1)
    from hb_engine.faces.text import shell_word

    word = shell_word(path)
    parts = [line(" · ", command(f"git add -N {word}; git diff {word}"))] if word else []
    return Paragraph(line("next  ", command("hb check"), *[span for part in parts for span in part]), 1)
