"""A server that is meant for its developer is open to others.

The small servers of frameworks take one thing seriously, to be started quickly: their own manuals say that they are not
to be put on a network. Some run any code for whoever finds their debugger, some show the whole folder. The command line
tells, and nothing else is taken for evidence.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, basename, by_scope, each_exe, quote, serves_others, who
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

    Sign = tuple[str, str, str, str, str]

RULE = Rule(
    "development-server-public",
    "medium",
    "A server that a framework brings for its developer can be reached from other machines.",
    (
        "A developer's own machine, in a network of people who may see the work.",
        "A container for development, whose port is published to the host only.",
    ),
)
FOLDER = "shows a folder to whoever asks"
SOURCES = "gives its sources to whoever asks, and is built for one developer"
CODE = "runs code for whoever gets in"
MANUAL = "is not made for a network, as its manual says"


# Interpreters and tools, separated by spaces; names without versions, as naming.owner_names gives them.
PYTHON, NODE = "python python2 python3 pypy pypy3", "node nodejs bun"
# What a server is called, the programs that run it, and the words that betray it on the command line: the first is what
# the program was told to run, or an option, and the others follow it somewhere. Then what is wrong with it, how badly.
SIGNS = (
    ("python -m http.server", PYTHON, "http.server", FOLDER, "medium"),
    ("python -m SimpleHTTPServer", PYTHON, "SimpleHTTPServer", FOLDER, "medium"),
    ("python -m pyftpdlib", PYTHON, "pyftpdlib", FOLDER, "medium"),
    ("Django's runserver", PYTHON, "manage runserver", MANUAL, "medium"),
    ("Django's runserver", PYTHON, "django-admin runserver", MANUAL, "medium"),
    ("flask run", PYTHON, "flask run", MANUAL, "medium"),
    ("a reloading uvicorn", PYTHON, "uvicorn --reload", MANUAL, "medium"),
    ("Jupyter", "jupyter jupyter-lab jupyter-notebook jupyter-server ipykernel_launcher", "", CODE, "medium"),
    ("Streamlit", PYTHON, "streamlit run", MANUAL, "low"),
    ("mkdocs serve", PYTHON, "mkdocs serve", MANUAL, "low"),
    ("php -S", "php php-cli", "-S", MANUAL, "medium"),
    ("artisan serve", "php php-cli", "artisan serve", MANUAL, "medium"),
    ("webpack's development server", NODE, "webpack-dev-server", SOURCES, "medium"),
    ("webpack's development server", NODE, "webpack serve", SOURCES, "medium"),
    ("Vite's development server", NODE, "vite", SOURCES, "medium"),
    ("next dev", NODE, "next dev", SOURCES, "medium"),
    ("react-scripts start", NODE, "react-scripts start", SOURCES, "medium"),
    ("ng serve", NODE, "ng serve", SOURCES, "medium"),
    ("http-server of Node", NODE, "http-server", FOLDER, "medium"),
    ("live-server", NODE, "live-server", FOLDER, "medium"),
    ("browser-sync", NODE, "browser-sync", SOURCES, "medium"),
    ("rails server", "ruby", "rails server", MANUAL, "medium"),
    ("rails server", "ruby", "rails s", MANUAL, "medium"),
    ("ruby -run -e httpd", "ruby", "-run httpd", FOLDER, "medium"),
    ("jekyll serve", "ruby", "jekyll serve", MANUAL, "low"),
    ("hugo server", "hugo", "server", MANUAL, "low"),
)
PROGRAMS = frozenset(" ".join([sign[1] for sign in SIGNS]).split())
# How they call themselves in answers over HTTP (the Server header), where one was asked for.
SPOKEN = {
    "werkzeug": ("Werkzeug, Flask's own server,", MANUAL),
    "simplehttp": ("python -m http.server", FOLDER),
    "webrick": ("WEBrick", MANUAL),
    "php cli server": ("php -S", MANUAL),
}


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if not serves_others(opening):
        return
    for owner, group in each_exe(opening.owners):
        sign = _sign_of(owner)
        if sign:
            name, _, _, why, severity = sign
            yield _reason(facts, name, why, f"{who(group)}: {quote(' '.join(owner.cmdline))}", severity)
            return
    said = _said(facts) if facts.answer else ""
    for word, (name, why) in SPOKEN.items() if said else ():
        if said.lower().startswith(word):
            yield _reason(facts, name, why, f"it calls itself {quote(said)}", RULE.severity)


def _reason(facts: Facts, name: str, why: str, evidence: str, severity: str) -> Reason:
    return RULE.reason(
        f"{name} {why}",
        evidence,
        remedy="bind it to 127.0.0.1 and reach it through ssh -L; serve others with a server that is made for it",
        severity=by_scope(facts.opening, severity),
    )


def _said(facts: Facts) -> str:
    """How the server calls itself, or ""."""
    identity = facts.answer.identity if facts.answer else None
    return (dict(identity.facts).get("server") or identity.product) if identity else ""


def _sign_of(owner: Owner) -> Sign | None:
    """The first sign whose program runs and whose words are on the command line."""
    names = owner_names(owner)
    if PROGRAMS.isdisjoint(names):  # most are neither an interpreter nor a tool of developers
        return None
    said, told = frozenset(owner.cmdline), _told_to_run(owner)
    for sign in SIGNS:
        first, *others = sign[2].split() or ("",)
        begins = not first or first in told or (first.startswith("-") and first in said)
        if begins and said.issuperset(others) and not frozenset(sign[1].split()).isdisjoint(names):
            return sign
    return None


def _told_to_run(owner: Owner) -> frozenset[str]:
    """The script or module that an interpreter was given, or the first word that is no option, in its usual forms."""
    first = owner.script or next((word for word in owner.cmdline[1:] if word and not word.startswith("-")), "")
    name = basename(first)
    return frozenset((first, name, name.partition(".")[0]))
