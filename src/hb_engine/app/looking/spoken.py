"""What openings said when they were asked, out of a file of hb: its `speaks`, by key (hb ls --json --identify).

The inventory is read by wire/, and answers by the reader of scans: the two formats meet only here. Answers about what
is not in the inventory are passed over. It refuses to take what was not asked for an answer: a file without `speaks`,
or with null there, has none.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.answer import Answer
    from hb_engine.model.inventory import Inventory

FIELD = b'"speaks"'


def answers(data: bytes, seen: Inventory) -> dict[str, Answer]:
    """The answers in a document of one inventory, by the keys of its openings. Raises DataError."""
    _, field, after = data.rpartition(FIELD)
    if not field or not after[:40].lstrip().startswith(b":") or not after[:40].lstrip(b" \r\n\t:").startswith(b"{"):
        return {}  # nearly all, and a document is not read twice for nothing
    import json  # most files have no answers

    from hb_engine.scan.readers.hb_json import answer  # as above

    try:
        told = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):  # several documents, one a line: each is read alone
        return {}
    spoken = told.get("speaks") if isinstance(told, dict) else None
    if not isinstance(spoken, dict):
        return {}
    return {
        one.key: answer(spoken[one.key], f"speaks of openings[{number}]")
        for number, one in enumerate(seen.openings)
        if one.key in spoken
    }
