"""TOML 1.0.0: values by tomllib, which is Python's own, places by toml_places.py.

A file with a syntax error is read again without the block that has it, so that a person is told of all of them. It
refuses to be more tolerant than tomllib: what is read here is read so by every other TOML reader too.
"""

from __future__ import annotations

from hb_engine.baseline.language import toml_slips
from hb_engine.baseline.language.nodes import Format, Mistake, Node, Tree
from hb_engine.baseline.language.toml_places import inside, places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.baseline.language.toml_places import Spot, Twice

__all__ = ["FORMAT", "inside", "read"]

FORMAT = Format("TOML", (".toml",))
MOST = 20  # syntax errors of one file that are told; the whole file is read again for each
MOST_OF_LARGE, LARGE = 3, 1 << 17  # the same of a file of so many characters


def read(text: str) -> Tree:
    """The tree of a text whose line ends are \\n, and its syntax errors. Never raises."""
    mistakes: list[Mistake] = []
    left = text
    while len(mistakes) < (MOST if len(text) < LARGE else MOST_OF_LARGE):
        try:
            spots, twice = places(left)
            return Tree(_table(_values(left, twice), (0, 0, spots)), tuple(mistakes))
        except Mistake as mistake:
            mistakes.append(mistake)
            rest = toml_slips.without(left, mistake.at)
            if rest == left:
                break
            left = rest
    return Tree(None, tuple(mistakes))


def _values(text: str, twice: Twice) -> dict[str, Any]:
    """What tomllib makes of a text. Raises Mistake."""
    import tomllib  # 10 ms, and only who has a baseline needs it

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: TOMLDecodeError, and numbers of too many digits
        raise toml_slips.explained(text, str(error), twice) from None


def _table(values: dict[str, Any], spot: Spot) -> Node:
    inner = spot[2] if isinstance(spot[2], dict) else {}
    nowhere = (spot[0], spot[1], None)
    made = {}
    for key, value in values.items():
        place = inner.get(key, nowhere)
        made[key] = Node("text", value, place[1], place[0]) if type(value) is str else _node(value, place)
    return Node("table", made, spot[1], spot[0])


def _node(value: Any, spot: Spot) -> Node:
    if isinstance(value, dict):
        return _table(value, spot)
    if isinstance(value, list):
        inner = spot[2] if isinstance(spot[2], list) else []
        nowhere = (spot[0], spot[1], None)
        elements = [_node(each, inner[i] if i < len(inner) else nowhere) for i, each in enumerate(value)]
        return Node("list", tuple(elements), spot[1], spot[0])
    if isinstance(value, bool):
        return Node("truth", value, spot[1], spot[0])
    if isinstance(value, (int, float)):
        return Node("number", value, spot[1], spot[0])
    if isinstance(value, str):
        return Node("text", value, spot[1], spot[0])
    return Node("moment", value.isoformat(), spot[1], spot[0])  # date, time or datetime
