"""A server that is meant for its developer is open to others.

The small servers of frameworks take one thing seriously, to be started quickly: their own manuals say that they are not
to be put on a network. Some run any code for whoever finds their debugger, some show the whole folder. The command line
tells, and nothing else is taken for evidence.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, basename, by_scope, each_exe, quote, serves_others, who
from hb_engine.judge.naming import owner_names
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

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


@record
class Sign:
    """What betrays a development server: a program or script's name, and words on its command line, all of them."""

    name: str
    programs: frozenset[str]
    words: tuple[str, ...] = ()
    why: str = MANUAL
    severity: str = "medium"


def _sign(name: str, programs: str, words: str = "", why: str = MANUAL, severity: str = "medium") -> Sign:
    return Sign(name, frozenset(programs.split()), tuple(words.split()), why, severity)


PYTHON, NODE = "python python2 python3 pypy pypy3", "node nodejs bun"
SIGNS = (
    _sign("python -m http.server", PYTHON, "http.server", FOLDER),
    _sign("python -m SimpleHTTPServer", PYTHON, "SimpleHTTPServer", FOLDER),
    _sign("python -m pyftpdlib", PYTHON, "pyftpdlib", FOLDER),
    _sign("Django's runserver", PYTHON, "manage runserver"),
    _sign("Django's runserver", PYTHON, "django-admin runserver"),
    _sign("flask run", PYTHON, "flask run"),
    _sign("a reloading uvicorn", PYTHON, "uvicorn --reload"),
    _sign("Jupyter", "jupyter jupyter-lab jupyter-notebook jupyter-server ipykernel_launcher", "", CODE),
    _sign("Streamlit", PYTHON, "streamlit run", MANUAL, "low"),
    _sign("mkdocs serve", PYTHON, "mkdocs serve", MANUAL, "low"),
    _sign("php -S", "php php-cli", "-S"),
    _sign("artisan serve", "php php-cli", "artisan serve"),
    _sign("webpack's development server", NODE, "webpack-dev-server", SOURCES),
    _sign("webpack's development server", NODE, "webpack serve", SOURCES),
    _sign("Vite's development server", NODE, "vite", SOURCES),
    _sign("next dev", NODE, "next dev", SOURCES),
    _sign("react-scripts start", NODE, "react-scripts start", SOURCES),
    _sign("ng serve", NODE, "ng serve", SOURCES),
    _sign("http-server of Node", NODE, "http-server", FOLDER),
    _sign("live-server", NODE, "live-server", FOLDER),
    _sign("browser-sync", NODE, "browser-sync", SOURCES),
    _sign("rails server", "ruby", "rails server"),
    _sign("rails server", "ruby", "rails s"),
    _sign("ruby -run -e httpd", "ruby", "-run httpd", FOLDER),
    _sign("jekyll serve", "ruby", "jekyll serve", MANUAL, "low"),
    _sign("hugo server", "hugo", "server", MANUAL, "low"),
)
PROGRAMS = frozenset([program for sign in SIGNS for program in sign.programs])
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
            evidence = f"{who(group)}: {quote(' '.join(owner.cmdline))}"
            yield _reason(facts, sign.name, sign.why, evidence, sign.severity)
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
    """The first sign whose program runs and whose words are on the command line.

    The first of its words is what the program was told to run, or an option; the others follow it somewhere.
    """
    names = owner_names(owner)
    if PROGRAMS.isdisjoint(names):  # most are neither an interpreter nor a tool of developers
        return None
    words = frozenset(owner.cmdline)
    told = _told_to_run(owner)
    for sign in SIGNS:
        first = sign.words[:1]
        begins = not first or first[0] in told or (first[0].startswith("-") and first[0] in words)
        if begins and not sign.programs.isdisjoint(names) and all(word in words for word in sign.words[1:]):
            return sign
    return None


def _told_to_run(owner: Owner) -> frozenset[str]:
    """The script or module that an interpreter was given, or the first word that is no option, in its usual forms."""
    first = owner.script or next((word for word in owner.cmdline[1:] if word and not word.startswith("-")), "")
    name = basename(first)
    return frozenset((first, name, name.partition(".")[0]))
