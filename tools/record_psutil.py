"""Write down what psutil answers here, for a bug report or a test: python3 tools/record_psutil.py > mine.json

The recording holds names, paths, command lines and users of all processes that could be read; look it through before
you give it away. Environments are never read. --anonymous leaves out command lines, users and the host's name.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src"))

from hb_engine.inventory.portable.live import Live, this_system
from hb_engine.inventory.portable.recording import parse
from hb_engine.model.errors import HbError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write down what psutil answers on this machine, as JSON.")
    parser.add_argument("--anonymous", action="store_true", help="leave out command lines, users and the host's name")
    options = parser.parse_args(words)
    try:
        document: dict[str, Any] = Live(this_system()).look()
        parse(document)  # what hb itself could not read is no use to anybody
    except HbError as error:
        print(f"{error.message} {error.remedy}", file=sys.stderr)
        return 2
    if options.anonymous:
        anonymise(document)
    json.dump(document, sys.stdout, indent=1)
    print()
    return 0


def anonymise(document: dict[str, Any]) -> None:
    """Take out what names people and places: in the document itself."""
    document["host"] = "somewhere"
    for process in document["processes"]:
        process.update(cmdline=None, username=None, exe=process["exe"] and _homeless(process["exe"]))


def _homeless(path: str) -> str:
    """A path with the user's name in it replaced: /Users/ann/bin/x, /home/ann/x, C:\\Users\\ann\\x."""
    parts = path.replace("\\", "/").split("/")
    if len(parts) > 3 and parts[1].lower() in ("users", "home"):
        parts[2] = "someone"
        return ("\\" if "\\" in path else "/").join(parts)
    return path


if __name__ == "__main__":
    sys.exit(main())
