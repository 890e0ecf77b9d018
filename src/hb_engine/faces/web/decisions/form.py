"""The form of a decision: what it offers for a card, what was typed into it, and what is wrong with that, beside it.

What a person typed is kept whatever happens. A finding that no rule covers by itself is accepted only by a box of its
own, which names it; none is ever ticked beforehand.
"""

from __future__ import annotations

from typing import Any

from hb_engine.app.changing.review import Card
from hb_engine.app.hub.deciding import fingerprint
from hb_engine.app.hub.wishes import Asked, Wrong
from hb_engine.app.ruling.check import lasting
from hb_engine.faces.text import escape, is_mark
from hb_engine.faces.web import addresses
from hb_engine.faces.web.decisions.words import WRONG
from hb_engine.faces.web.language import Language
from hb_engine.faces.web.page import Ask
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.record import record
from hb_engine.model.verdict import Reason

FIELDS = ("decision", "why", "owner", "until", "days", "review", "only", "scope", "file")
ACCEPT = "accept-"  # what the name of a box begins with
MOST, MOST_HOSTS = 64, 50
# Known before the process that serves gives up its rights: the rules' folder is read here, once.
LASTING = lasting()


@record
class Form:
    """A form as a template wants it: values by field, mistakes by field, and what there is to choose."""

    values: dict[str, str]
    accepted: tuple[str, ...]
    findings: tuple[Reason, ...]
    hosts: tuple[str, ...]
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    seen: str
    wrong: dict[str, str]
    english: dict[str, Wrong]  # mistakes that only the rules' own words tell, by field

    def has(self, field: str) -> bool:
        """Whether a field has a mistake."""
        return field in self.wrong or field in self.english


def findings(card: Card) -> tuple[Reason, ...]:
    """The findings of a card that stay alarms unless a rule accepts them by name; remarks are none."""
    reasons = card.opening.verdict.reasons if card.opening.verdict else ()
    return tuple([one for one in reasons if one.rule in LASTING and one.severity != "info"])


def form(ask: Ask, card: Card, wrong: tuple[Wrong, ...] = ()) -> Form:
    """The form of a card, with what was typed so far."""
    values = {name: plain(ask.form.get(name, "")) for name in FIELDS}
    ticked = tuple(accepted(ask))
    found = findings(card)
    told = {one.field: said(ask.language, one) for one in wrong if one.code in WRONG}
    return Form(
        values,
        ticked,
        found,
        card.hosts[:MOST_HOSTS],
        tuple(_roles(ask)),
        SCOPES,
        ask.form.get("seen") or fingerprint(card.opening),
        told,
        {one.field: one for one in wrong if one.code not in WRONG},
    )


def said(language: Language, wrong: Wrong) -> str:
    """A mistake in the page's language."""
    return language.say(WRONG[wrong.code])


def words(ask: Ask, card: Card) -> dict[str, Any]:
    """What a form says, as the words of the questions draft and decide."""
    told: dict[str, Any] = {name: plain(ask.form.get(name, "")) for name in FIELDS}
    told["only"] = _chosen(ask, card, told["only"])
    told["accepts"] = accepted(ask)
    return {**told, "key": card.key, "host": card.hosts[0], "seen": ask.form.get("seen", "")[:64]}


def accepted(ask: Ask) -> list[str]:
    """The findings whose boxes were ticked."""
    return [name.removeprefix(ACCEPT) for name in ask.form if name.startswith(ACCEPT)][:MOST]


def _chosen(ask: Ask, card: Card, only: str) -> str:
    """Machines and roles are called by their segments in a form: a name of anybody's letters has one too."""
    kind, _, name = only.partition(":")
    names = {"host": list(card.hosts), "role": _roles(ask)}.get(kind, [])
    return next((f"{kind}:{one}" for one in names if addresses.segment(one) == name), only)


def _roles(ask: Ask) -> list[str]:
    return [one.name for one in ask.sight.baseline.baseline.roles] if ask.sight.baseline else []


def hidden(ask: Ask, one: Asked) -> list[tuple[str, str]]:
    """The fields of a draft, to be sent once more as they were filled in; times as the draft settled them."""
    told = {name: plain(ask.form.get(name, "")) for name in (*FIELDS, "seen")}
    told |= {"until": one.until, "days": "", "review": one.review}
    return [*told.items(), *[(ACCEPT + name, "1") for name in one.accepts]]


def plain(text: str) -> str:
    """What was typed, with a blank in place of every character that is not plainly visible."""
    if escape(text) == text:
        return text
    seen = "".join([one if escape(one) == one else " " for one in text])
    return seen if escape(seen) == seen else "".join([one for one in seen if not is_mark(one)])
