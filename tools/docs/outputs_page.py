"""docs/reference/outputs.md: the formats of hb check, hb register and hb generate, by their declarations.

What a format says of itself is the docstring of its file; the tables come from the values that the format itself uses.
"""

from __future__ import annotations

import sys

from tools.docs.markdown import code, head, join, table

from hb_engine.faces.export import generators, register, reports
from hb_engine.faces.export.reports import prometheus, sarif
from hb_engine.faces.export.telling import KIND_WORDS
from hb_engine.model.report import DRIFTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LEAD = """What hb writes for other programs and for files. Strangers' text (names of processes, paths, reasons of rules)
is escaped as each format has it, and becomes syntax in none."""
PARTS = (
    (
        *("hb check --format NAME", reports, "Report", "Reports"),
        "Table, JSON and NDJSON are described in [JSON documents](json.md).",
    ),
    ("hb register --format NAME", register, "Register", "The register of ports, protocols and services", ""),
    ("hb generate NAME", generators, "Rules", "Rules for other programs", "hb applies none of them."),
)


def page() -> str:
    """The page."""
    parts = [head("Outputs", "the declarations in `src/hb_engine/faces/export/`", LEAD)]
    for command, package, word, title, more in PARTS:
        found = [package.load(name) for name in package.names()]
        parts += [f"## {title}", f"{code(command)}. {more}".strip()]
        rows = [(code(each.FORMAT.name), each.FORMAT.what, code(each.FORMAT.ending)) for each in found]
        parts.append(table(["name", "for", "file"], rows))
        for each in found:
            parts += [f"### {word}: {each.FORMAT.name}", _said(each)]
            parts += MORE.get(each.__name__, list)()
    return join([*parts, *_kinds()])


def _said(module: Any) -> str:
    return str(sys.modules[module.__name__].__doc__ or "").strip()


def _sarif() -> list[str]:
    rows = [(code(kind), code(state)) for kind, state in sarif.BASELINE.items()]
    levels = [(code(severity), code(level), sarif.SCORES[severity]) for severity, level in sarif.LEVELS.items()]
    return [
        table(["severity", "level of a failure", "security-severity of its rule"], levels),
        table(["kind", "baselineState, unless it is debt or accepted: then unchanged"], rows),
    ]


def _prometheus() -> list[str]:
    lines = prometheus.write((), "", 0).splitlines()
    told = [line.removeprefix("# HELP ").partition(" ") for line in lines if line.startswith("# HELP ")]
    return [table(["metric", "is"], [(code(name), meaning) for name, _, meaning in told])]


def _kinds() -> list[str]:
    rows = [
        (code(kind), "drift" if kind in DRIFTS else "note", f"{title}.", remedy)
        for kind, (title, _, remedy) in KIND_WORDS.items()
    ]
    return ["## Kinds of verdicts", table(["kind", "is", "says", "what to do"], rows)]


MORE: dict[str, Callable[[], list[str]]] = {sarif.__name__: _sarif, prometheus.__name__: _prometheus}
