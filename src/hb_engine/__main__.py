"""`hb` and `python3 -m hb_engine`: run the command line and leave at once.

Objects are not collected either: a look is over before its garbage matters, and seeking it costs up to 2 ms.
Taking the interpreter down object by object costs a millisecond or more and frees only what the kernel frees anyway, so
the process ends as soon as its answer is written. It refuses to do anything else; tests call faces.cli.main.main.
"""

from __future__ import annotations

import gc

gc.disable()  # before the imports, which make most of the objects

import os
import sys

from hb_engine.faces.cli.main import main as run


def main() -> None:
    """Run the words of this process's command line, and end the process with their exit status."""
    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            # What could be said of it was said when it was written; a closed pipe has nobody to say it to.
            continue
    os._exit(status)


if __name__ == "__main__":
    main()
