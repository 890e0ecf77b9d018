"""What a page must hold to, looked at as parsers and as people's helpers look: XML, HTML5, names, labels, headings.

complaints(body) is empty for a good page, else sentences that name what is wrong and where. A page is read twice: by
expat, which stops at the first thing that is not well-formed (XML 1.0, 2.1), and by html5lib, which reads as browsers
do and remembers every parse error (HTML 13.2). The rest are rules of HTML and of these pages that no parser holds.
"""

from __future__ import annotations

import functools
from typing import Any
from xml.parsers import expat

import html5lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LANDMARKS = ("header", "main", "footer")
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "list", "form")
SILENT = ("hidden", "submit", "button", "image", "reset")  # inputs that need no label of their own


class Element:
    """An element of a page: its name, its attributes, what is in it."""

    __slots__ = ("attributes", "children", "line", "name", "parent")

    def __init__(self, name: str, attributes: dict[str, str], parent: Element | None, line: int) -> None:
        self.name, self.attributes, self.parent, self.line = name, attributes, parent, line
        self.children: list[Element | str] = []

    def __iter__(self) -> Iterator[Element]:
        """Itself and all elements in it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    def all(self, *names: str) -> list[Element]:
        """The elements of these names in it."""
        return [one for one in self if one.name in names]

    def get(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        """All the text in it, runs of blanks as one."""
        whole = "".join([child if isinstance(child, str) else child.text for child in self.children])
        return " ".join(whole.split())

    def __repr__(self) -> str:
        named = "".join([f' {name}="{self.get(name)}"' for name in ("id", "name", "class") if self.get(name)])
        return f"<{self.name}{named}> in line {self.line}"


class NotWellFormed(Exception):
    """What expat said of a page."""


def read(body: bytes) -> Element:
    """A page as a tree. Raises NotWellFormed."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    top = Element("", {}, None, 0)
    at = [top]

    def add(text: str) -> None:
        at[-1].children.append(text)

    def at_end(_: str) -> None:
        at.pop()

    def begin(name: str, attributes: dict[str, str]) -> None:
        made = Element(name, attributes, at[-1], parser.CurrentLineNumber)
        at[-1].children.append(made)
        at.append(made)

    parser.StartElementHandler = begin
    parser.EndElementHandler = at_end
    parser.CharacterDataHandler = add
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        lines = body.decode("utf-8", "replace").split("\n")
        near = (
            lines[error.lineno - 1][max(0, error.offset - 60) : error.offset + 60] if error.lineno <= len(lines) else ""
        )
        raise NotWellFormed(f"{error}: {near}") from error
    return next(child for child in top.children if isinstance(child, Element))


def complaints(body: bytes) -> list[str]:
    """All that is wrong with a page."""
    try:
        page = read(body)
    except NotWellFormed as error:
        return [f"not well-formed: {error}"]
    return [*mistakes(body), *[said for rule in RULES for said in rule(page)]]


def mistakes(body: bytes) -> list[str]:
    """What html5lib calls parse errors."""
    parser = _parser()
    parser.parse(body, transport_encoding="utf-8")
    return [f"HTML: {code} {values} before line {place[0]}, {place[1]}" for place, code, values in parser.errors]


def skeleton(page: Element) -> tuple[Any, ...]:
    """The shape of a page: names of elements and attributes, neighbours of one shape as one. Pages of one shape are
    valid or not together, but for what stands in their attributes."""
    inner: list[Any] = []
    for child in page.children:
        shape = skeleton(child) if isinstance(child, Element) else "text" if child.strip() else None
        if shape is not None and (not inner or inner[-1] != shape):
            inner.append(shape)
    return (page.name, tuple(sorted(page.attributes)), tuple(inner))


def references(page: Element) -> list[str]:
    """Names that stand twice, and references to names that there are not."""
    found = [one.get("id") for one in page if "id" in one.attributes]
    said = [f"id {name!r} stands {found.count(name)} times" for name in dict.fromkeys(found) if found.count(name) > 1]
    said += [f"id {name!r} is no name" for name in found if not name or set(name) & set(" \t\n\r\f")]
    for one in page:
        wanted = [(kind, name) for kind in REFERENCES for name in one.get(kind).split()]
        if one.name == "a" and one.get("href").startswith("#") and len(one.get("href")) > 1:
            wanted.append(("href", one.get("href")[1:]))
        said += [f"{one}: {kind} names {name!r}, which is not there" for kind, name in wanted if name not in found]
    return said


def labels(page: Element) -> list[str]:
    """Inputs without a label, buttons, links and pictures without words, groups of inputs without a name."""
    named = {label.get("for") for label in page.all("label")}
    said = [
        f"{one} has no label"
        for one in page.all("input", "select", "textarea")
        if one.get("type") not in SILENT
        and one.get("id") not in named
        and not (one.get("aria-label") or one.get("aria-labelledby") or _inside(one, "label"))
    ]
    said += [f"{one} has no words" for one in page.all("a", "button", "label", "summary", "option") if not words(one)]
    said += [f"{one} has no words" for one in page.all(*HEADINGS, "legend", "caption", "title") if not one.text]
    said += [f"{one} has no alt" for one in page.all("img") if "alt" not in one.attributes]
    return said + [f"{one} has no legend" for one in page.all("fieldset") if not one.all("legend")]


def headings(page: Element) -> list[str]:
    """One h1, no level left out, a title, landmarks once each, a language."""
    titles = [one for one in page.all("title") if not _inside(one, "svg")]  # a picture has titles of its own
    levels = [HEADINGS.index(one.name) + 1 for one in page.all(*HEADINGS)]
    said = [] if levels.count(1) == 1 else [f"{levels.count(1)} h1"]
    said += [f"h{one} follows h{before}" for before, one in zip([0, *levels], levels, strict=False) if one > before + 1]
    said += [f"{len(page.all(name))} {name}" for name in LANDMARKS if len(_tops(page, name)) != 1]
    said += [] if page.get("lang") else ["no language"]
    return said + ([] if len(titles) == 1 else [f"{len(titles)} titles"])


def tables(page: Element) -> list[str]:
    """Headers without a scope, rows that are longer than the first, tables without headers."""
    said = [
        f"{one} has no scope"
        for one in page.all("th")
        if one.get("scope") not in ("col", "row", "colgroup", "rowgroup")
    ]
    for table in page.all("table"):
        widths = {sum([int(cell.get("colspan") or 1) for cell in row.all("th", "td")]) for row in table.all("tr")}
        spans = [cell for cell in table.all("th", "td") if cell.get("rowspan")]
        said += [f"{table} has rows of {sorted(widths)} cells"] if len(widths) > 1 and not spans else []
        said += [] if table.all("th") else [f"{table} has no headers"]
    return said


def policy(page: Element) -> list[str]:
    """What the content security policy would not run or show, and what would be asked of elsewhere."""
    said = [
        f"{one} has a {name}" for one in page for name in one.attributes if name == "style" or name.startswith("on")
    ]
    said += [f"{one} stands in the page" for one in page.all("style", "iframe", "object", "embed", "base")]
    said += [f"{one} stands in the page" for one in page.all("script") if not one.get("src") or one.text]
    for one in page:
        loaded = [one.get(name) for name in ("src", "srcset", "poster", "data") if one.get(name)]
        loaded += [one.get("href")] if one.name in ("link", "use", "image") else []
        loaded += [one.get(name) for name in ("action", "formaction") if one.get(name)]
        said += [f"{one} is of elsewhere: {found}" for found in loaded if not _own(found)]
    said += [f"{one} leads to {one.get('href')}" for one in page.all("a", "area") if not _safe(one.get("href"))]
    return said


def shapes(page: Element) -> list[str]:
    """What XML lets pass and HTML does not: void elements with something in them, others closed in one tag."""
    said = [f"{one} is void and is not empty" for one in page if one.name in VOID and one.children]
    for one in page.all("ul", "ol"):
        said += [
            f"{child} stands in {one}"
            for child in one.children
            if isinstance(child, Element) and child.name not in ("li", "script", "template")
        ]
        said += (
            [f"{one} has text of its own"]
            if any(isinstance(child, str) and child.strip() for child in one.children)
            else []
        )
    said += [
        f"{one} is in {_inside(one, one.name)}"
        for one in page.all("a", "button", "form", "label", "main")
        if _inside(one, one.name)
    ]
    return said + [
        f"{one} is in a {_inside(one, 'a', 'button')}"
        for one in page.all("button", "input", "a")
        if _inside(one, "a", "button")
    ]


RULES = (references, labels, headings, tables, policy, shapes)


def words(one: Element) -> str:
    """What is said of an element: its label, its text, or its pictures' words."""
    said = one.get("aria-label") or one.get("title") or one.get("label") or one.text
    if said or one.get("aria-labelledby"):
        return said or one.get("aria-labelledby")
    return " ".join([each.get("alt") or each.get("aria-label") for each in one.all("img", "svg")]).strip()


def _inside(one: Element, *names: str) -> Element | None:
    above = one.parent
    while above is not None and above.name not in names:
        above = above.parent
    return above


def _tops(page: Element, name: str) -> list[Element]:
    return [one for one in page.all(name) if not _inside(one, "article", "section", "main", "aside", "nav")]


def _own(address: str) -> bool:
    return address.startswith(("/", "#", "?")) and not address.startswith("//")


def _safe(address: str) -> bool:
    kind, colon, _ = address.partition(":")
    return not colon or "/" in kind or "?" in kind or "#" in kind or kind in ("http", "https", "mailto")


def _refuse(*_: object) -> None:
    raise NotWellFormed("a page declares entities")


@functools.cache
def _parser() -> Any:
    return html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
