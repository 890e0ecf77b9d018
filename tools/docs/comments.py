"""The comments that stand beside the fields of a record, for pages that repeat them."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
from functools import cache
from typing import Any


@cache
def comments_of(record: Any) -> dict[str, str]:
    """Each field of a record that has a comment on its line, with that comment."""
    text = inspect.getsource(inspect.getmodule(record) or record)
    said = {token.start[0]: token.string.lstrip("# ") for token in _tokens(text) if token.type == tokenize.COMMENT}
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and node.name == record.__name__:
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.lineno in said:
                    found[line.target.id] = said[line.lineno]
    return found


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(text).readline))
