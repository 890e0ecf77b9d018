"""The register as one page that an auditor reads, prints and files: no script, no picture, nothing from elsewhere.

It prints on A4 across: heads of tables are repeated, rows are not torn, pages are numbered. What asks for a decision
comes first. Meaning never stands in colour alone. Strangers' text is escaped (faces/text.py) and then quoted for HTML,
so that a name that turns the reading order around is seen to do so.
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.register_page import PAGE, STYLE
from hb_engine.faces.export.registering import (
    approval,
    forbidden,
    named,
    numbers,
    open_now,
    reach,
    review,
    status,
    until,
)
from hb_engine.faces.text import escape, plural
from hb_engine.faces.words import gap, place
from hb_engine.wire.dates import iso, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.app.ruling.register import Line, Machine, Register, Unapproved

FORMAT = Format("html", "a page to read, print and file", ".html")
MARKUP = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#39;"}


def write(register: Register, version: str) -> str:
    """The page."""
    return "".join(_page(register, version))


def quoted(text: str) -> str:
    """A text for an element or an attribute, whatever is in it; long words may break where their parts end."""
    return escape(text).translate(MARKUP)


def _page(register: Register, version: str) -> Iterator[str]:
    day = iso_day(register.made_at)
    about = named(tuple([machine.name for machine in register.machines])) or "no machine"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="color-scheme" content="light dark">\n'
    yield f"<title>Register of ports, protocols and services, {day}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    yield f'<header>\n<h1>Register of ports, protocols and services</h1>\n<p>{quoted(about)}</p>\n<dl class="facts">\n'
    for label, text in _facts(register, version):
        yield f"<div><dt>{label}</dt><dd>{quoted(text)}</dd></div>\n"
    yield "</dl>\n</header>\n<main>\n"
    yield from _summary(register)
    yield from _unapproved(register)
    yield from _allowed(register)
    yield from _forbidden(register)
    yield from _machines(register)
    yield PAGE
    yield "</main>\n</body>\n</html>\n"


def _facts(register: Register, version: str) -> Iterator[tuple[str, str]]:
    yield "Made on", iso(register.made_at).replace("T", " ").replace("Z", " UTC")
    yield "Rules", register.baseline or "no folder"
    yield "Machines", str(len(register.machines))
    yield "Made by", f"hb-engine {version}"


def _summary(register: Register) -> Iterator[str]:
    yield '<h2 id="summary">In short</h2>\n<ul class="numbers">\n'
    for label, number, bad in numbers(register):
        kind = ' class="bad"' if bad and number else ""
        mark = '<span class="mark">to decide</span>' if bad and number else ""
        yield f"<li{kind}><strong>{number}</strong> <span>{label}</span>{mark}</li>\n"
    yield "</ul>\n"


def _table(name: str, title: str, caption: str, heads: tuple[str, ...], rows: list[str]) -> Iterator[str]:
    heading = f'<h2 id="{name}">{title}</h2>\n'
    if not rows:
        yield f"{heading}<p>{caption} There is none.</p>\n"
        return
    yield f'<section class="scroll" aria-labelledby="{name}" tabindex="0">\n{heading}<table class="{name}">\n'
    yield f"<caption>{caption}</caption>\n<thead>\n<tr>"
    yield "".join([f'<th scope="col">{head}</th>' for head in heads])
    yield "</tr>\n</thead>\n<tbody>\n"
    yield from rows
    yield "</tbody>\n</table>\n</section>\n"


def _unapproved(register: Register) -> Iterator[str]:
    heads = ("Opening", "Machine", "Reaches", "Held by", "Why it stands here", "What is known")
    rows = [_open_row(one) for one in register.unapproved]
    caption = (
        "Open on a machine, and no rule in force allows it as it is. Each wants a decision: close it, or approve it."
    )
    yield from _table("unapproved", "Open without approval", caption, heads, rows)


def _open_row(one: Unapproved) -> str:
    opening, verdict = one.verdict.opening, one.verdict
    where = place(opening) if opening is not None else verdict.key
    scope = opening.scope if opening is not None else ""
    who = opening.identity if opening is not None else ""
    names = " ".join([entry.name for entry in opening.registered]) if opening is not None else ""
    known = [verdict.reason, *verdict.evidence[:2], *[f"{cause.text} ({cause.source})" for cause in verdict.causes[:1]]]
    return _row(
        f"<b>{quoted(where)}</b>{_small(names)}",
        quoted(one.machine),
        quoted(scope),
        _code(who),
        f"{quoted(status(one))}{_small(f'severity {verdict.severity}')}",
        "<br>".join([quoted(text) for text in dict.fromkeys(known)]),
    )


def _allowed(register: Register) -> Iterator[str]:
    heads = ("Service", "Ports", "Reach", "Business need", "Owner", "Approved", "Review due", "Security", "Open now")
    rows = [_line(line, register) for line in register.allowed]
    caption = (
        "One row a rule: what may be or must be open, for whom, why, by whose decision, and what is open under it."
    )
    yield from _table("allowed", "Allowed ports, protocols and services", caption, heads, rows)


def _line(line: Line, register: Register) -> str:
    rule = line.rule
    word = "required" if rule.kind == "require" else ""
    pack = f"pack {rule.pack}" if rule.pack else ""
    where = rule.where.text
    end = until(line)
    due = quoted(review(line, register.made_at))
    return _row(
        f"<b>{quoted(', '.join(line.names) or rule.id or 'unnamed')}</b>{_small(rule.id if line.names else '')}"
        f"{_small(where)}{_small('; '.join(filter(None, (word, pack))))}",
        "<br>".join([f"<b>{quoted(each)}</b>" for each in line.places]),
        f"{quoted(reach(line))}{_small(f'by {rule.by_text}' if rule.by_text else '')}",
        quoted(rule.why) or _bad("none is named"),
        quoted(rule.owner) or _bad("nobody"),
        f"{quoted(approval(line))}{_small(f'ends by itself on {end}' if end else '')}",
        _bad(due) if line.is_overdue or line.due is None else due,
        _security(line),
        _open(line, register),
    )


def _security(line: Line) -> str:
    word = _bad("insecure") if line.unmitigated else "<b>insecure</b>"
    parts = [f"{word} {quoted(text)}" for text in line.insecure]
    if line.unmitigated:
        parts.append(_bad("no security feature is recorded"))
    parts += [quoted(text) for text in line.features]
    return "<br>".join(parts) or "&#8211;"


def _open(line: Line, register: Register) -> str:
    told = open_now(line, len(register.machines))
    many = len(register.machines) > 1
    count = _small(f"for {plural(len(line.machines), 'machine')}") if many else ""
    if not told:
        return f"nothing{count}"
    more = _small(f"and {len(told) - 8} more") if len(told) > 8 else ""
    return f"{'<br>'.join([quoted(text) for text in told[:8]])}{more}{count}"


def _forbidden(register: Register) -> Iterator[str]:
    heads = ("Rule", "Ports", "Forbidden from", "Why", "Owner")
    rows = [
        _row(
            f"<b>{quoted(line.rule.id or 'unnamed')}</b>{_small(line.rule.where.text)}",
            "<br>".join([f"<b>{quoted(each)}</b>" for each in line.places]),
            quoted(forbidden(line)),
            quoted(line.rule.why),
            quoted(line.rule.owner),
        )
        for line in register.forbidden
    ]
    yield from _table("forbidden", "Forbidden", "What may not be open, whoever allows it.", heads, rows)


def _machines(register: Register) -> Iterator[str]:
    heads = ("Machine", "System", "Looked at", "Openings", "Covered by rules", "What could not be seen")
    rows = [_machine(machine) for machine in register.machines]
    caption = "What this register rests on. Of what could not be seen, nothing is claimed."
    yield from _table("machines", "Machines, and what could not be seen", caption, heads, rows)


def _machine(machine: Machine) -> str:
    looked = iso(machine.looked_at).replace("T", " ").replace("Z", " UTC")
    gaps = "<br>".join([quoted(gap(each)) for each in machine.gaps])
    return _row(
        f"<b>{quoted(machine.name)}</b>{_small(machine.source)}",
        quoted(machine.system),
        f"{looked}{_small('' if machine.privileged else 'without the rights to see all')}",
        str(machine.openings),
        str(machine.expected),
        gaps or "nothing that is known of",
    )


def _row(head: str, *cells: str) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join([f"<td>{cell}</td>" for cell in cells])}</tr>\n'


def _small(text: str) -> str:
    return f"<small>{quoted(text)}</small>" if text else ""


def _code(text: str) -> str:
    return f"<code>{quoted(text)}</code>" if text else ""


def _bad(html: str) -> str:
    return f'<strong class="bad">{html}</strong>'
