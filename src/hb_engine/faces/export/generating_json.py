"""What hb generate wrote, as a JSON document (kind generated, schema hb/1): each file with its name and its text."""

from __future__ import annotations

from hb_engine.faces.export.documents import SCHEMA
from hb_engine.wire.json_text import document, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def generated(program: str, files: Sequence[tuple[str, str]], written: str = "") -> str:
    """The document, on one line; `written` is the file or folder that the files went to."""
    told = {
        "schema": SCHEMA,
        "kind": "generated",
        "program": program,
        "written": written or None,
        "files": [{"name": name, "text": text} for name, text in files],
    }
    return document(lambda q: value(told, q))
