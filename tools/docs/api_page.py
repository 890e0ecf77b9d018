"""docs/reference/api.md: the API of hb serve, address by address and object by object, from its OpenAPI document.

The document is the one that is served, made from the same routes, shapes and sentences. It refuses to say anything of
an address that the document does not say.
"""

from __future__ import annotations

from typing import Any

from tools.docs.markdown import block, code, head, join, table

from hb_engine.faces.web.api.openapi import VERSIONING, described
from hb_engine.faces.web.pages.api_docs import addresses, objects

LEAD = """`hb serve` tells as JSON what its pages show: reading only. The document for programs is
`/api/v1/openapi.json` (OpenAPI 3.1); `/api` shows it in words."""
SITE = "http://127.0.0.1:1703"
COMING = """A program comes in as a browser does, by a one-time link that `hb serve` prints, and sends the cookie that
it is given (`hb_1703`: hb and the port). A link is good once; the signal USR1 has `hb serve` print another."""
RULES = """- Documents are those of [the command line](json.md), schema `hb/1`; fields that
  it does not have are the API's.
- They are ASCII. Bytes of strangers that are no UTF-8 stand in them as the four characters `\\x80` to `\\xff`.
- Lists come in parts of at most `limit` items. `next` is the cursor of the next part and `null` at the end; `total`
  counts all. A cursor holds the key of the last item and no number of items: what comes or goes meanwhile moves
  nothing, so that no item that stays is left out or told twice. A cursor that leads nowhere is answered 404.
- `troubles` tells what may be missing from an answer: what could not be seen, and who was not judged. An empty list is
  an answer only where there are none.
- Parameters that there are not, that are given twice or do not fit are refused (400); the remedy says what was
  probably meant.
- Trouble is a problem document (RFC 9457, `application/problem+json`) with `error`, `message` and `remedy` as on the
  command line.
- Answers have an `ETag` of the sight that they tell of: with `If-None-Match` they are answered 304 until another is
  shown. What the history tells has none.
- Answers are `Cache-Control: private, no-cache`."""


def page() -> str:
    """The page."""
    told = described("hb_1703")
    parts = [
        head("The API", "the routes, shapes and sentences in `src/hb_engine/faces/web/api/`", LEAD),
        "## Coming in",
        COMING,
        block(["curl -c jar 'LINK'", f"curl -b jar {SITE}/api/v1/sight"]),
        "## What holds for all of it",
        RULES,
        "## What may change",
        VERSIONING,
        "## Addresses",
    ]
    for one in addresses():
        rows = [(code(asked.name), asked.where, code(asked.kind), asked.meaning) for asked in one.parameters]
        answer = f" Answer: [{one.answer}](#{one.answer.lower()})." if one.answer else ""
        parts += [f"### GET {one.path}", f"{one.meaning}{answer} {_statuses(told, one.path)}"]
        parts += [table(["parameter", "in", "is", "meaning"], rows)] if rows else []
    parts += ["## Objects"]
    for name, (meaning, fields) in objects().items():
        rows3 = [(code(field.name), code(field.kind), field.meaning) for field in fields]
        parts += [f"### {name}", meaning, table(["field", "is", "meaning"], rows3)]
    return join(parts)


def _statuses(told: dict[str, Any], path: str) -> str:
    numbers = list(told["paths"][path]["get"]["responses"])
    return f"Statuses: {', '.join([code(number) for number in numbers])}."
