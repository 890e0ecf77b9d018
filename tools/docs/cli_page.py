"""docs/reference/cli.md: every verb with what it takes, from the declarations that the parser and the help read.

The environment's variables have no declaration, so they stand here; one that the sources name and this table does not,
or the other way round, is an error.
"""

from __future__ import annotations

import os
import re

from tools.docs.markdown import block, code, head, join, table

from hb_engine.faces.cli import help as pages
from hb_engine.faces.cli.main import declarations
from hb_engine.faces.cli.options import all_options, usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Argument, Option, Verb

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "hb_engine")
OURS = {
    "HB_AUDIT": "the file in which `hb serve` keeps who decided what, instead of `audit.ndjson` beside the history",
    "HB_BASELINE": "the folder of rules, instead of `hb.d` here or above, or `/etc/hb-engine/hb.d`",
    "HB_BPF": "`no` keeps hb from using BPF; /proc is walked instead, which takes longer",
    "HB_DEBUG": "any value: an unforeseen error shows its traceback",
    "HB_HISTORY": "the file of the history, instead of `/var/lib/hb-engine/history.db` or the one in the state folder",
    "HB_IANA": "where `hb update` fetches the registry, instead of IANA's own address: for mirrors",
    "HB_ISC": "where `hb port N --pressure` asks, instead of SANS ISC's own address: for mirrors",
    "HB_LABELS": "labels of this machine, divided by blanks or commas, beside those of `/etc/hb-engine/labels`",
    "HB_MAIL": "your mail address, sent to the services that ask whom to write to; `--pressure` needs it",
    "HB_OWNER": "who answers for what `hb review` accepts, instead of the name that git knows",
}
EVERYBODYS = {
    "COLUMNS, LINES": "the terminal's size, where it does not tell",
    "NO_COLOR": "any value: no colours",
    "TERM": "`dumb`: no colours",
    "XDG_CACHE_HOME": "where hb remembers what can be found out again; `~/.cache` by default",
    "XDG_CONFIG_HOME": "where `hb scope` keeps what may be scanned; `~/.config` by default",
    "XDG_DATA_HOME": "where `hb update` keeps the registry; `~/.local/share` by default",
    "XDG_STATE_HOME": "where scans are recorded; `~/.local/state` by default, for root `/var/log`",
}


def page() -> str:
    """The page. Raises LookupError for a variable that is documented nowhere, or that nothing reads."""
    verbs = declarations()
    parts = [
        head("The command line", "the declarations in `src/hb_engine/faces/cli/verbs/`", pages.WHAT),
        table(["verb", "what it does"], [(code(_call(verb)), verb.summary) for verb in verbs]),
        pages.STATUS,
    ]
    for verb in verbs:
        parts += _verb(verb)
    return join([*parts, *_variables()])


def variables_in(folder: str = SOURCES) -> set[str]:
    """The names of hb's own variables that the sources speak of."""
    found: set[str] = set()
    for at, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(at, name), encoding="utf-8") as file:
                    found.update(re.findall(r"\bHB_[A-Z]+\b", file.read()))
    return found


def _verb(verb: Verb) -> list[str]:
    rows = [(code(verb.argument.name), _argument(verb.argument))] if verb.argument else []
    rows += [(_flags(option), _help(option)) for option in all_options(verb)]
    return [
        f"## {_call(verb)}",
        verb.summary[:1].upper() + verb.summary[1:] + ".",
        verb.detail,
        block([usage(verb)]),
        table(["takes", "which is"], rows),
        table(["for example", "does"], [(code(typed), does) for typed, does in verb.examples]) if verb.examples else "",
    ]


def _call(verb: Verb) -> str:
    return "hb" if verb.name == "summary" else f"hb {verb.name}"


def _argument(argument: Argument) -> str:
    many = "" if argument.most == 1 else "; one or more" if argument.least else "; any number, or none"
    return argument.help + many


def _flags(option: Option) -> str:
    value = f" {option.value}" if option.value else ""
    names = [f"-{option.short}"] if option.short else []
    return ", ".join([code(name + value) for name in [*names, f"--{option.name}"]])


def _help(option: Option) -> str:
    told = option.help + (f": {', '.join(map(code, option.choices))}" if option.choices else "")
    bounds = f"; {option.low} to {option.high}" if option.low is not None and option.high is not None else ""
    several = "; several with commas, or the option repeated" if option.kind == "list" else ""
    return told + bounds + several


def _variables() -> list[str]:
    odd = variables_in() ^ OURS.keys()
    if odd:
        raise LookupError(f"tools/docs/cli_page.py and the sources differ about the variables {', '.join(sorted(odd))}")
    rows = [(code(name) if "," not in name else name, does) for name, does in sorted({**OURS, **EVERYBODYS}.items())]
    return ["## Environment", table(["variable", "what it does"], rows)]
