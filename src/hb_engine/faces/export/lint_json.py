"""hb lint as a JSON document of schema hb/1: what was read, and each problem with its place.

Line and column begin at 1; 0 stands for the file, or the line, as a whole. `code` is a word for programs.
"""

from __future__ import annotations

from hb_engine.wire import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.ruling.lint import Linted
    from hb_engine.model.baseline import Problem


def document(found: Linted) -> str:
    """One line of ASCII, line feed included."""
    told = {
        "schema": "hb/1",
        "kind": "lint",
        "paths": found.paths,
        "files": found.files,
        "rules": found.rules,
        "roles": found.roles,
        "windows": found.windows,
        "errors": found.count("error"),
        "warnings": found.count("warning"),
        "problems": [problem(each, found) for each in found.problems],
    }
    return json_text.document(lambda quoting: json_text.value(told, quoting))


def problem(each: Problem, found: Linted) -> dict[str, Any]:
    """One problem, with the text of its line."""
    return {
        "file": each.where.file,
        "line": each.where.line,
        "column": each.where.column,
        "level": each.level,
        "code": each.code,
        "message": each.message,
        "hint": each.hint,
        "text": found.lines.get((each.where.file, each.where.line), ""),
    }
