"""What `hb propose` says beside the rules: from what they come, what was left out, and how to go on."""

from __future__ import annotations

from hb_engine.faces.document import Document, Paragraph, Span, command, line
from hb_engine.faces.text import joined, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.changing.propose import Proposed
    from hb_engine.faces.document import Block


def tell(done: Proposed) -> Document:
    """The remark after a proposal."""
    where = f", written to {done.written}" if done.written else ""
    head = line(Span(f"{plural(done.rules, 'rule')} from {done.source}{where}.", "strong"))
    blocks: list[Block] = [Paragraph(head, 1)]
    rest = _rest(done)
    if rest:
        blocks.append(Paragraph(line(f"{joined(rest)}."), 1))
    if done.written:
        blocks.append(Paragraph(line("next  fill in why and owner, then ", command("hb lint")), 1))
    elif done.rules and done.proposal is not None:
        blocks.append(Paragraph(line("next  keep what is right: ", command("hb propose --write NAME")), 1))
    elif not done.rules and done.proposal is not None and done.proposal.left_out:
        blocks.append(Paragraph(line("next  decide one by one: ", command("hb review")), 1))
    return Document(tuple(blocks))


def _rest(done: Proposed) -> list[str]:
    if done.proposal is None:
        return [f"{len(done.left_out)} not carried over"] if done.left_out else []
    found = done.proposal
    told = [f"{len(found.left_out)} left out"] if found.left_out else []
    told += [f"{found.covered} covered by rules already"] if found.covered else []
    told += [plural(found.passing, "client's socket", "clients' sockets") + " passed over"] if found.passing else []
    return told
