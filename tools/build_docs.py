"""Write the reference pages from what the sources declare, or tell which of them no longer say what the sources do.

    python tools/build_docs.py            write docs/reference/
    python tools/build_docs.py --check    write nothing; exit 1 when a page differs

One page, one module in tools/docs/ with a function page(). Nothing in these pages is written by hand, so nothing in
them can be older than the program. It looks at no machine and knows no clock: the same sources give the same bytes.
"""

from __future__ import annotations

import os
import sys
from difflib import unified_diff

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TOP, "src"), TOP]

from tools.docs import (  # noqa: E402  (the path comes first)
    api_page,
    baseline_page,
    cli_page,
    json_page,
    outputs_page,
    protocols_page,
    registry_page,
    rules_page,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = os.path.join("docs", "reference")
PAGES: dict[str, Callable[[], str]] = {
    "api.md": api_page.page,
    "baseline.md": baseline_page.page,
    "cli.md": cli_page.page,
    "json.md": json_page.page,
    "outputs.md": outputs_page.page,
    "protocols.md": protocols_page.page,
    "registry.md": registry_page.page,
    "rules.md": rules_page.page,
}
LINES = 12  # of a difference: enough to see what it is about


def main(words: list[str], top: str = TOP) -> int:
    """Write the pages, or with --check compare them. Returns the exit status."""
    if words not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    folder = os.path.join(top, FOLDER)
    if words:
        return check(folder)
    os.makedirs(folder, exist_ok=True)
    for name, text in built().items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return 0


def check(folder: str) -> int:
    """1 when a page in the folder is not what the sources say, and says which, how, and what to run."""
    stale = {name: text for name, text in built().items() if _read(folder, name) != text}
    strange = sorted(set(_listed(folder)) - set(PAGES))
    for name, text in stale.items():
        print(f"{FOLDER}/{name} is not what the sources say; run: make docs", file=sys.stderr)
        lines = unified_diff(_read(folder, name).splitlines(), text.splitlines(), "as it is", "as it should be", n=0)
        print("\n".join([line.rstrip() for line in lines][:LINES]), file=sys.stderr)
    for name in strange:
        print(f"{FOLDER}/{name} is made by nothing: generated pages alone stand there", file=sys.stderr)
    return 1 if stale or strange else 0


def built() -> dict[str, str]:
    """Each page by its file's name."""
    return {name: page() for name, page in PAGES.items()}


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def _read(folder: str, name: str) -> str:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
