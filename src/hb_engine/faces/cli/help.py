"""Help pages, made from the verbs' declarations, so that nothing can be true of one and not of the other."""

from __future__ import annotations

from hb_engine.faces.cli.options import all_options, usage
from hb_engine.faces.document import Blank, Column, Document, Paragraph, Span, Table, command, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Option, Verb
    from hb_engine.faces.document import Block

WHAT = "hb looks at this machine's ports: what each is for, what is open, who opened it, and what to look at first."
STATUS = "Exit status: 0 as expected, 1 drift, findings or nothing found, 2 trouble: bad input, or hb could not look."
PAIR = (Column(""), Column("", flexible=True, least=0, flow=True))
EXAMPLES = (
    ("hb", "this machine in one screen"),
    ("hb why 1703", "who opened it, and what to do"),
    ("hb port 1703", "what the port is for"),
)


def of_verb(verb: Verb) -> Document:
    """One verb's page."""
    blocks: list[Block] = [
        Paragraph(line(Span(usage(verb), "strong"))),
        Blank(),
        Paragraph(line(_sentence(verb.summary))),
    ]
    if verb.detail:
        blocks += [Blank(), Paragraph(line(verb.detail))]
    if verb.argument:
        blocks += [Blank(), _pairs([(verb.argument.name, verb.argument.help)])]
    blocks += [Blank(), _pairs([(_flags(option), _help(option)) for option in all_options(verb)])]
    if verb.examples:
        blocks += [Blank(), Paragraph(line("Examples")), _pairs(list(verb.examples))]
    return Document((*blocks, Blank(), Paragraph(line(Span(STATUS, "dim")))))


def of_program(verbs: list[Verb], version: str) -> Document:
    """The first page: the verbs and where to begin."""
    head = Paragraph(line(Span(f"hb {version}", "strong"), f"  {WHAT}"))
    listed = _pairs([(usage(verb).replace(" [OPTIONS]", ""), verb.summary) for verb in verbs])
    ends = (Paragraph(line("hb VERB --help tells a verb's options. --json works with each.")), Blank())
    return Document(
        (head, Blank(), listed, Blank(), Paragraph(line("Begin with")), _pairs(list(EXAMPLES)), Blank(), *ends,
         Paragraph(line(Span(STATUS, "dim"))))
    )  # fmt: skip


def _pairs(pairs: list[tuple[str, str]]) -> Table:
    return Table(PAIR, tuple([((command(left),), line(right)) for left, right in pairs]), header=False)


def _flags(option: Option) -> str:
    short = f"-{option.short}, " if option.short else "    "
    return f"{short}--{option.name}" + (f" {option.value}" if option.value else "")


def _help(option: Option) -> str:
    return option.help + (f": {', '.join(option.choices)}" if option.choices else "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
