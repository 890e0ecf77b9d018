"""Templates compiled once for all languages, with what is said in each put in its place before a page is asked for.

A page has two hundred calls of _("..."), url("...") and asset("..."), whose answers never change within a language.
Where such a call stands by itself, its place is marked in the compiled template, and each language fills its own copy:
compiling takes a hundred times as long as that, and a call at every request more than all else that a page does.
It refuses to guess: a name that a template gives another meaning is called, and what would be worked out once for all
languages, and is not the same in all, is compiled for each.
"""

from __future__ import annotations

import re
from types import CodeType, FunctionType, MethodType

from jinja2 import Environment, nodes
from jinja2.runtime import Context, Macro

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

SAID = ("_", "gettext", "url", "asset")  # calls that are answered ahead, where their one word is written out
MARK = re.compile("\0([a-z_]+) ([^\0]*)\0")  # no template has such a character
PLAIN = (FunctionType, MethodType, type)

_COMPILED: dict[tuple[str, str, str], CodeType] = {}  # by name, text, and language where that matters


class Quick(Context):
    """What a template looks names up in. Jinja asks six questions of everything that is called; most are functions."""

    def call(self, called: Any, /, *words: Any, **named: Any) -> Any:
        """What something comes to that a template calls."""
        kind = type(called)
        if kind is Macro:
            words = (self.eval_ctx, *words)
        elif kind not in PLAIN or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *words, **named)
        if named:
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
            return called(*words, **named)
        return called(*words)


class Compiler(Environment):
    """Jinja's environment for one language. `answers` gives the markup of a call of SAID by its word; `spoken` are the
    filters that speak a language, whose `code` it is."""

    context_class = Quick

    def __init__(
        self, code: str, answers: Mapping[str, Callable[[str], str]], spoken: frozenset[str], **words: Any
    ) -> None:
        super().__init__(**words)
        self._code, self._answers, self._spoken = code, answers, spoken

    def compile(
        self, source: Any, name: Any = None, filename: Any = None, raw: Any = False, defer_init: Any = False
    ) -> Any:
        """A template's code, from the one that all languages share where there is one."""
        if raw or not isinstance(source, str):
            return super().compile(source, name, filename, raw, defer_init)
        found = _COMPILED.get((name or "", source, "")) or _COMPILED.get((name or "", source, self._code))
        if found is None:
            tree = self._parse(source, name, filename)
            key = name or "", source, "" if self._is_for_all(tree) else self._code
            self._mark(tree)
            found = super().compile(tree, name, filename)
            if name:
                _COMPILED[key] = found
        return filled(found, self._fill)

    def _is_for_all(self, tree: nodes.Template) -> bool:
        """Whether no filter that speaks a language would be answered for good while compiling."""
        return not any(_is_known(one) for one in tree.find_all(nodes.Filter) if one.name in self._spoken)

    def _mark(self, tree: nodes.Template) -> None:
        """Put marks in the place of calls whose answers are known."""
        given = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"}
        for output in tree.find_all(nodes.Output):
            output.nodes = [_marked(one, given) for one in output.nodes]

    def _fill(self, found: re.Match[str]) -> str:
        return self._answers[found[1]](found[2])


def filled(code: CodeType, fill: Callable[[re.Match[str]], str]) -> CodeType:
    """A template's code with what stands in the place of its marks."""
    return code.replace(co_consts=tuple([_constant(one, fill) for one in code.co_consts]))


def _constant(value: Any, fill: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, str):
        return MARK.sub(fill, value) if "\0" in value else value
    return filled(value, fill) if isinstance(value, CodeType) else value


def _marked(node: nodes.Expr, given: set[str]) -> nodes.Expr:
    """A call as its mark; anything else as it is."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return node
    name, words = node.node.name, node.args
    others = node.kwargs or node.dyn_args or node.dyn_kwargs
    if name not in SAID or name in given or others or len(words) != 1 or not isinstance(words[0], nodes.Const):
        return node
    word = words[0].value
    if not isinstance(word, str) or "\0" in word:
        return node
    return nodes.TemplateData(f"\0{name} {word}\0", lineno=node.lineno)


def _is_known(node: nodes.Filter) -> bool:
    try:
        node.node and node.node.as_const()
    except nodes.Impossible:
        return False
    return True
