"""The command line: find the verb, hand it what was asked, and say in an exit status how it went.

0 as expected, 1 findings or nothing found, 2 trouble. A known verb costs the import of its own module only; the folder
is listed for help, completion and mistakes. It refuses to show a traceback to anyone who did not ask for one
(HB_DEBUG=1).
"""

from __future__ import annotations

import os
import sys

from hb_engine.faces.cli.options import JSON, parse
from hb_engine.faces.cli.output import standard
from hb_engine.model.errors import BadInput, HbError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from hb_engine.faces.cli.options import Asked, Verb
    from hb_engine.faces.cli.output import Output

    class VerbModule(Protocol):
        """A file in verbs/: its declaration and its function, which returns the exit status."""

        VERB: Verb
        run: Callable[[Asked, Output], int]


FIRST = "summary"  # what hb alone does
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
REPORT = "Please report this with the output of the same command under HB_DEBUG=1."


def main(line: list[str], output: Output | None = None) -> int:
    """Run hb with these words. Returns the exit status; never raises for anything that a person can cause."""
    output = output or standard()
    try:
        return dispatch(line, output)
    except HbError as error:
        return trouble(error, line, output)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has what it wanted: hb ls | head
        output.stdout = None
        return 0
    except Exception as error:  # noqa: BLE001 - the last line of defence: a person gets a sentence, not a traceback
        return accident(error, output)


def dispatch(line: list[str], output: Output) -> int:
    """Find the verb and run it. Raises what it raises, and BadInput for a verb that there is not."""
    name, rest = (line[0], line[1:]) if line and not line[0].startswith("-") else (FIRST, line)
    if line[:1] in (["--help"], ["-h"], ["help"]):
        return _help(line[1:], output)
    if line[:1] in (["--version"], ["-V"]):
        return _version(output)
    module = load(name)
    try:
        asked = parse(module.VERB, rest)
    except HbError as error:
        mistaken = getattr(module, "mistaken", None)  # a verb whose exit statuses are another's
        if mistaken is None:
            raise
        trouble(error, line, output)
        return int(mistaken(rest))
    if asked.flag("help"):
        return _help([name], output)
    return module.run(asked, output)


def load(name: str) -> VerbModule:
    """The module of a verb. Raises BadInput, with the nearest one that there is."""
    if name.isascii() and name.isalpha() and os.path.exists(_path(name)):
        return _module(name)
    if name in names():  # from an archive, where nothing can be looked up as a file
        return _module(name)
    raise _unknown(name)


def names() -> list[str]:
    """The verbs that there are, by listing their folder (or the archive that hb runs from)."""
    from pkgutil import iter_modules  # 8 ms, and only for help, completion and mistakes

    from hb_engine.faces.cli import verbs  # as above

    return sorted([module.name for module in iter_modules(verbs.__path__) if not module.name.startswith("_")])


def declarations() -> list[Verb]:
    """Every verb's declaration, hb alone first."""
    return sorted([_module(name).VERB for name in names()], key=lambda verb: (verb.name != FIRST, verb.name))


def trouble(error: HbError, line: list[str], output: Output) -> int:
    """Say what went wrong and what to do; with --json as a document on stdout too."""
    from hb_engine.faces.document import Document, Paragraph, Span  # only in trouble
    from hb_engine.faces.document import line as words

    blocks = [Paragraph(words(Span("hb: ", "high"), error.message))]
    blocks += [Paragraph(words(error.remedy), 4)] if error.remedy else []
    output.remark(Document(tuple(blocks)))
    if wants_json(line):
        from hb_engine.faces.export import documents

        try:
            output.write(documents.error(error))
        except (HbError, BrokenPipeError):
            output.stdout = None  # said on stderr already
    return 2


def accident(error: Exception, output: Output) -> int:
    """An error that nobody foresaw: one line, and the traceback for those who asked."""
    if os.environ.get("HB_DEBUG"):
        from traceback import print_exception  # 10 ms, for developers

        print_exception(error, file=output.stderr)
    return trouble(HbError(f"something unforeseen happened: {type(error).__name__}: {error}", REPORT), [], output)


def wants_json(line: list[str]) -> bool:
    """Whether the line asks for JSON, even where the rest of it is wrong."""
    before = line[: line.index("--")] if "--" in line else line
    return f"--{JSON.name}" in before


def _path(name: str) -> str:
    return os.path.join(os.path.dirname(__file__), "verbs", f"{name}.py")


def _module(name: str) -> VerbModule:
    module: VerbModule = __import__(f"hb_engine.faces.cli.verbs.{name}", fromlist=("VERB",))
    return module


def _unknown(name: str) -> BadInput:
    from hb_engine.model.nearest import nearest  # only after a mistake

    if name.replace("/", "").isalnum() and any(letter.isdigit() for letter in name):
        return BadInput(f"hb has no verb {name!r}", f"Did you mean hb port {name}, or hb why {name}?")
    meant = nearest(name, names())
    return BadInput(f"hb has no verb {name!r}", f"Did you mean hb {meant}?" if meant else "See hb --help.")


def _help(words: list[str], output: Output) -> int:
    from hb_engine import __version__
    from hb_engine.faces.cli import help as pages  # only when asked

    page = pages.of_verb(load(words[0]).VERB) if words else pages.of_program(declarations(), __version__)
    output.show(page)
    return 0


def _version(output: Output) -> int:
    from hb_engine import __version__

    output.write(f"hb {__version__} (Python {sys.version.split()[0]})\n")
    return 0
