"""What templates of these pages need besides values: words in the page's language, by the tables of words.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel import dates

from hb_engine.faces.text import shell_word
from hb_engine.faces.web.decisions import words
from hb_engine.faces.web.machines import words as machine_words
from hb_engine.faces.web.machines.who import home_of, who
from hb_engine.faces.web.machines.words import said
from hb_engine.faces.web.page import Ask
from hb_engine.faces.words import number, place


def helpers(ask: Ask) -> dict[str, Any]:
    """Functions by the names that templates call."""
    language = ask.language

    def table(rows: dict[str, str]) -> Any:
        return lambda word: said(language, rows, word)

    return {
        "kind_word": table(machine_words.KINDS),
        "severity_word": table(machine_words.SEVERITIES),
        "scope_word": table(machine_words.SCOPES),
        "state_word": table(words.STATES),
        "meaning": table(words.MEANINGS),
        "remedy": table(words.REMEDIES),
        "decision_word": table(words.DECISIONS),
        "decision_means": table(words.DECISIONS_MEAN),
        "baseline_word": table(words.WORDS),
        "changed_word": table(words.CHANGED),
        "attempt_word": table(words.ATTEMPTS),
        "act_word": table(words.ACTS),
        "rule_kind": table(words.KINDS),
        "mark_of": lambda verdict: words.MARKS.get(verdict.severity, "note") if verdict.state == "drift" else "note",
        "attempt_mark": lambda state: words.ATTEMPT_MARKS.get(state, "note"),
        "utc_day": lambda at: day(ask, at),
        "place": place,
        "port_of": number,
        "who": lambda opening: who(language, opening),
        "home_of": home_of,
    }


def day(ask: Ask, at: float) -> str:
    """A day as rules have it, in UTC: a rule's day is the same one wherever the page is read."""
    told: str = dates.format_date(dt.datetime.fromtimestamp(at, dt.UTC).date(), "medium", locale=ask.language.locale)
    return told


def commands(folder: str, path: str, why: str) -> list[str]:
    """What a person types to commit a change of one file; nothing where a name cannot be typed."""
    at, file = shell_word(folder), shell_word(path)
    if at is None or file is None:
        return []
    said_why = shell_word(why[:200])
    message = f"git -C {at} commit -m {said_why}" if said_why else f"git -C {at} commit"
    return [f"git -C {at} add {_inside(path)}", message]


def _inside(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2]
    return shell_word(name) or "."
