"""YAML 1.1, through PyYAML where it is installed; whoever writes TOML or JSON needs nothing.

PyYAML's events are read, and not its values: there 22:22 would be a number, no would be false, and 0777 would be 511.
Here what was written stays the text that it was. It refuses tags, merge keys, several documents, and aliases that make
more of a file than a person wrote.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import DEEPEST, Format, Mistake, Node, Tree, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FORMAT = Format("YAML", (".yaml", ".yml"))
MOST = 200_000  # values of a file, those of aliases counted each time
NOTHING = ("", "~", "null", "Null", "NULL")
PLAIN_TAGS = (None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
TABS = "found character '\\t' that cannot start any token"


def read(text: str) -> Tree:
    """The tree of a text, and its mistakes; where PyYAML is missing, one that says how to get it."""
    try:
        yaml = __import__("yaml")
    except ImportError:
        return Tree(None, (_missing(),))
    builder = _Builder(text)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except Mistake as mistake:
        builder.mistakes.append(mistake)
        return Tree(None, tuple(builder.mistakes))
    except yaml.YAMLError as error:
        builder.mistakes.append(_explained(text, error))
        return Tree(None, tuple(builder.mistakes))
    return Tree(builder.whole(), tuple(builder.mistakes))


def inside(text: str, at: int, offset: int, value: str) -> int:
    """Where the character of a value with this offset stands in the text; where that cannot be known, its beginning."""
    first = text[at : at + 1]
    if first == "|":
        return _in_block(text, at, offset, value)
    begin = at + 1 if first in ("'", '"') else at
    return begin + offset if text.startswith(value[: offset + 1], begin) else at


def _in_block(text: str, at: int, offset: int, value: str) -> int:
    """Lines of a literal block stand as they are, after their indentation."""
    line = value.count("\n", 0, offset)
    begin = at
    for _ in range(line + 1):
        begin = text.find("\n", begin) + 1
        if not begin:
            return at
    column = offset - (value.rfind("\n", 0, offset) + 1)
    wanted = value.split("\n")[line]
    end = text.find("\n", begin)
    indent = text[begin : end if end >= 0 else len(text)].find(wanted)
    return begin + indent + column if indent >= 0 else at


def _missing() -> Mistake:
    import sys

    hint = "Install it: pip install hb-engine[yaml]. TOML and JSON need nothing."
    if sys.flags.no_site:
        hint = "A bare checkout uses no installed packages: pip install hb-engine[yaml] and run that hb, or write TOML."
    return Mistake("YAML is read by PyYAML, which is not there", 0, hint, "no-yaml")


class _Builder:
    """Nodes out of PyYAML's events, without recursion, so that no nesting can exhaust anything."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.mistakes: list[Mistake] = []
        self._root: Node | None = None
        self._open: list[_Collection] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = self._documents = 0

    def whole(self) -> Node:
        """The table at the root; an empty one for an empty file."""
        root = self._root or Node("table", {})
        if root.kind == "nothing":
            return Node("table", {})
        if root.kind != "table":
            self.mistakes.append(Mistake("a baseline is keys with values", root.at, "Begin with allow: and a list."))
            return Node("table", {})
        return root

    def take(self, event: Any) -> None:
        """One event. Raises Mistake."""
        name = type(event).__name__
        if name == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise Mistake("a second document begins here", self._at(event), "Write it into a file of its own.")
        elif name == "AliasEvent":
            self._alias(event)
        elif name == "ScalarEvent":
            self._scalar(event)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            self._tag(event)
            if len(self._open) >= DEEPEST:
                raise Mistake(
                    f"this is nested more than {DEEPEST} deep", self._at(event), "No value of a baseline needs that."
                )
            self._open.append(_Collection(name == "MappingStartEvent", self._at(event), event.anchor, self._count))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            done = self._open.pop()
            self._put(done.node(), done.anchor, self._count - done.count)

    def _scalar(self, event: Any) -> None:
        self._tag(event)
        at = self._at(event)
        nothing = event.style in (None, "") and event.value in NOTHING
        node = Node("nothing", None, at, at) if nothing else Node("text", event.value, at, at)
        self._put(node, event.anchor, 1)

    def _alias(self, event: Any) -> None:
        node, size = self._anchors.get(event.anchor, (None, 0))
        if node is None:
            raise Mistake(f"nothing before is called &{event.anchor}", self._at(event), "Anchors stand before aliases.")
        self._put(node, None, size)

    def _put(self, node: Node, anchor: str | None, size: int) -> None:
        self._count += size if node.kind in ("text", "nothing") or anchor is None else 1
        if self._count > MOST:
            raise Mistake(
                f"aliases make more than {MOST} values of this file", node.at, "Write rules out.", "too-large"
            )
        if anchor:
            self._anchors[anchor] = (node, size)
        if not self._open:
            self._root = node
        elif (mistake := self._open[-1].put(node, self._line)) is not None:
            self.mistakes.append(mistake)

    def _tag(self, event: Any) -> None:
        if event.tag not in PLAIN_TAGS:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.mistakes.append(Mistake(f"the tag {shown(tag)} says nothing here", self._at(event), "Leave it out."))

    def _at(self, event: Any) -> int:
        return min(int(event.start_mark.index), len(self._text))  # its lines end in more ways than ours

    def _line(self, at: int) -> int:
        return self._text.count("\n", 0, at) + 1


class _Collection:
    """A mapping or a sequence that is being filled."""

    def __init__(self, mapping: bool, at: int, anchor: str | None, count: int) -> None:
        self.mapping, self.at, self.anchor, self.count = mapping, at, anchor, count
        self.table: dict[str, Node] = {}
        self.elements: list[Node] = []
        self._key: Node | None = None

    def put(self, node: Node, line: Callable[[int], int]) -> Mistake | None:
        """A key, a value or an element; a mistake where it cannot stay."""
        if not self.mapping:
            self.elements.append(node)
            return None
        if self._key is None:
            self._key = node
            return None
        key, self._key = self._key, None
        if key.kind not in ("text", "nothing"):
            return Mistake("a key is a word", key.at, "Write such as listen: tcp/443.")
        name = key.value or ""
        if name == "<<":
            return Mistake("merge keys are not read here", key.at, "Write the keys out.")
        if name in self.table:
            told = f"{shown(name)} is here twice, first in line {line(self.table[name].key_at)}"
            return Mistake(told, key.at, "Leave one out.", "twice")
        self.table[name] = Node(node.kind, node.value, node.at, key.at)
        return None

    def node(self) -> Node:
        """The table or list that came of it."""
        if self.mapping:
            return Node("table", self.table, self.at, self.at)
        return Node("list", tuple(self.elements), self.at, self.at)


def _explained(text: str, error: Any) -> Mistake:
    """PyYAML's own words, with what was probably meant where that is known."""
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "this is no YAML")
    if mark is None:
        at = getattr(error, "position", 0)
        return Mistake("a character here may not stand in YAML", min(int(at), len(text)), "Leave it out.")
    if "end of stream" in problem and getattr(error, "context_mark", None) is not None:
        mark = error.context_mark  # where the quote begins, rather than where the file ends
    return Mistake(*_words(problem, text, min(int(mark.index), len(text))))


def _words(problem: str, text: str, at: int) -> tuple[str, int, str]:
    letter = text[at : at + 1]
    if letter == "\t" or TABS in problem or "'\\t'" in problem:
        return "a tab stands where spaces indent", at, "YAML is indented with spaces only."
    if letter in ("@", "`", "%"):
        return f"{shown(letter)} may not begin a value", at, "Put the value in quotes."
    if "mapping values are not allowed" in problem:
        if text[text.rfind("\n", 0, at) + 1 : at].count(": "):
            return "a second colon stands in this line", at, "Put the value in quotes."
        return "this line is indented unlike those before", at, "Keys of one rule stand below one another."
    if "could not find expected ':'" in problem:
        return "a colon is missing before here", at, "Write such as listen: tcp/443."
    if "found unexpected end of stream" in problem:
        return "a quote is never closed", at, "Close it."
    if "nesting depth" in problem:
        return f"this is nested more than {DEEPEST} deep", at, "No value of a baseline needs that."
    if "block end" in problem:
        return "this line is indented unlike those before", at, "Keys of one rule stand below one another."
    if "undefined alias" in problem:
        return "there is no anchor of this name", at, "Anchors stand before aliases."
    told = problem if len(problem) < 100 else problem[:97] + "..."
    return f"this is no YAML: {told}", at, "Correct it, or write the file as TOML."
