"""Tables that are of the right shape into rules, roles, windows and defaults: their sentences are read here.

A table with an error becomes nothing, and the error a Problem at its very character. It refuses to hold tables against
one another (language.py): unknown roles, ids that are given twice.
"""

from __future__ import annotations

from hb_engine.baseline.deciding import roles
from hb_engine.baseline.language import by, every, listen, origins, shape, speaks, times
from hb_engine.baseline.language.nodes import Mistake, Node, shown
from hb_engine.baseline.language.problems import Problems, did_you_mean
from hb_engine.baseline.language.schema import table
from hb_engine.model.baseline import HOST_FIELDS, Defaults, Role, Rule, Window
from hb_engine.model.record import record, replace
from hb_engine.wire.dates import DAY, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from hb_engine.model.baseline import Condition, Hours, Listen

    Value = TypeVar("Value")

NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
LONGEST_NAME, LONGEST_TEXT = 100, 2000  # characters
HIDDEN = "hidden-opening"  # the one rule of evidence that nothing accepts
SUNDAY = '"Sun 02:00-04:00 UTC"'
NOBODY, PROPOSED = "unassigned", "proposed: "  # what hb propose writes for a person to replace
NEVER = ("never", "none", "no", "off", "false")


@record
class World:
    """What sentences may be held against: names of services, zones and judge's rules, and the time."""

    services: listen.Services | None = None
    alike: listen.Alike | None = None
    zones: every.Zones | None = None
    findings: tuple[str, ...] = ()  # names of judge's rules; empty: not held against anything
    now: float | None = None  # seconds since the epoch; None: nothing is past


@record
class Reference:
    """A name that one table calls another by: sort is role, rule or pack."""

    sort: str
    name: str
    problems: Problems
    node: Node


class Builder:
    """Makes values of one file's tables."""

    def __init__(self, problems: Problems, world: World, defaults: Defaults, pack: str = "") -> None:
        self._problems, self._world, self._defaults, self._pack = problems, world, defaults, pack
        self.references: list[Reference] = []
        self.declared: set[tuple[str, str]] = set()  # (role | rule, name), of tables with errors too

    def rule(self, kind: str, node: Node) -> Rule | None:
        """The rule of a table; None where it has an error."""
        before = self._problems.errors
        given = shape.fields(table(kind), node, self._problems)
        accepted = self._moment(given.get("accepted"), ends=False)
        rule = Rule(
            kind,
            self._name(given.get("id"), "id"),
            self._listen(given.get("listen")),
            self._condition(given.get("by")),
            self._sentence(given.get("speaks"), speaks.parse),
            self._sources(given.get("from")),
            self._text(given.get("why"), "why"),
            self._text(given.get("owner"), "owner"),
            accepted,
            self._later(given.get("review"), accepted, "review"),
            self._later(given.get("until"), accepted, "until"),
            _value(given.get("severity"), self._defaults.severity),
            _value(given.get("role"), ""),
            self._one_host(given.get("host")),
            _texts(given.get("pin")),
            self._accepts(given.get("accepts")),
            self._pack,
            self._problems.source.where(node.at),
            " ".join(_value(given.get("by"), "").split()),
        )
        if self._pack:
            self._keep_out_of_packs(given)
        else:
            rule = self._reviewed(rule, said="review" in node.value)
            self._require(rule, node)
            self._warn_of_past(rule, given)
            self._warn_of_proposed(rule, given)
        self._refer("role", given.get("role"))
        self.declared.add(("rule", rule.id))
        return rule if self._problems.errors == before else None

    def role(self, node: Node) -> Role | None:
        """The role of a table; None where it has an error."""
        before = self._problems.errors
        given = shape.fields(table("role"), node, self._problems)
        hosts = [each.value for each in _words(given.get("hosts")) if self._is_host(each)]
        role = Role(
            self._name(given.get("name"), "name"),
            tuple(hosts),
            self._when(given.get("when")),
            _texts(given.get("includes")),
            _texts(given.get("packs")),
            self._problems.source.where(node.at),
        )
        self._refer("role", given.get("includes"))
        self._refer("pack", given.get("packs"))
        self.declared.add(("role", role.name))
        return role if self._problems.errors == before else None

    def window(self, node: Node) -> Window | None:
        """The window of a table; None where it has an error."""
        before = self._problems.errors
        given = shape.fields(table("window"), node, self._problems)
        window = Window(
            self._text(given.get("name"), "name"),
            _value(given.get("mode"), "only"),
            _texts(given.get("rules")),
            self._when(given.get("when")),
            self._every(given.get("every")),
            self._moment(given.get("start"), ends=False),
            self._moment(given.get("end"), ends=True),
            " ".join(_value(given.get("every"), "").split()),
            self._problems.source.where(node.at),
        )
        self._check_window(window, node)
        self._refer("rule", given.get("rules"))
        return window if self._problems.errors == before else None

    def defaults(self, node: Node) -> dict[str, Any]:
        """The defaults that a table sets, by their names in Defaults."""
        given = shape.fields(table("defaults"), node, self._problems)
        self._refer("pack", given.get("packs"))
        found: dict[str, Any] = {}
        for name, value in given.items():
            if name == "review":
                days = self._days(value)
                if days != 0:
                    found[name] = days
            elif name in ("require", "packs"):
                found[name] = _texts(value)
            else:
                found[name] = value.value
        return found

    def _refer(self, sort: str, node: Node | None) -> None:
        self.references += [Reference(sort, each.value, self._problems, each) for each in _words(node)]

    # -- sentences

    def _sentence(self, node: Node | None, parse: Callable[[str], Value]) -> Value | None:
        if node is None:
            return None
        try:
            return parse(node.value)
        except Mistake as mistake:
            self._problems.mistake(node, mistake)
            return None

    def _listen(self, node: Node | None) -> tuple[Listen, ...]:
        world = self._world
        return self._sentence(node, lambda text: listen.parse(text, world.services, world.alike)) or ()

    def _condition(self, node: Node | None) -> Condition | None:
        found = self._sentence(node, by.parse)
        slip = by.unit_slip(found) if found and node else ()
        if slip and node:
            wrong, meant = slip
            told = f"{wrong} is read as the unit {wrong}.service"
            mistake = Mistake(told, max(0, node.value.find(wrong)), f"Did you mean {meant}?", "unit")
            self._problems.mistake(node, mistake, level="warning")
        return found

    def _when(self, node: Node | None) -> Condition | None:
        found = self._sentence(node, lambda text: by.parse(text, HOST_FIELDS, "when"))
        if found is not None and node is not None:
            named = roles.asked_roles(found)
            self.references += [Reference("role", name, self._problems, node) for name in dict.fromkeys(named)]
        return found

    def _every(self, node: Node | None) -> tuple[Hours, ...]:
        return self._sentence(node, lambda text: every.parse(text, self._world.zones)) or ()

    def _sources(self, node: Node | None) -> tuple[str, ...]:
        found: list[str] = []
        for each in _words(node):
            found += self._sentence(each, origins.parse) or ()
        return tuple(dict.fromkeys(found))

    # -- words

    def _text(self, node: Node | None, name: str) -> str:
        text = " ".join(_value(node, "").split())
        if len(text) > LONGEST_TEXT and node:
            told = f"{name} has more than {LONGEST_TEXT} characters"
            self._problems.error(node.at, told, "Say it shorter, and link to the rest.", "too-long")
        return text

    def _name(self, node: Node | None, name: str) -> str:
        text = _value(node, "")
        bad = next((at for at, letter in enumerate(text) if letter not in NAME), None)
        if bad is not None and node:
            meant = "".join([letter if letter in NAME else "-" for letter in text]).strip("-")[:60]
            hint = f"Write {meant}." if meant else "Write letters, digits, -, _ and dots."
            told = f"{shown(text[bad])} has no place in {'an id' if name == 'id' else 'a name'}"
            self._problems.mistake(node, Mistake(told, bad, hint, "name"))
        if len(text) > LONGEST_NAME and node:
            told = f"this {name} has more than {LONGEST_NAME} characters"
            self._problems.error(node.at, told, "Shorten it.", "too-long")
        return text

    def _one_host(self, node: Node | None) -> str:
        return node.value if node is not None and self._is_host(node, one=True) else ""

    def _is_host(self, node: Node, *, one: bool = False) -> bool:
        bad = next((at for at, letter in enumerate(node.value) if letter in ",;" or letter.isspace()), None)
        if bad is None:
            wrong = roles.slip(node.value)
            if wrong:
                self._problems.error(node.at, *wrong, "host")
            return wrong is None
        parts = ", ".join([f'"{word}"' for word in node.value.replace(",", " ").replace(";", " ").split()])
        hint = (
            f"Write {self._problems.pair('hosts', f'[{parts}]')}."
            if len(parts) < 100
            else "Put each host in quotes of its own."
        )
        hint = "A rule is for one host, for a pattern or for a role: make a role of several." if one else hint
        self._problems.mistake(node, Mistake("a host has no spaces and no commas", bad, hint, "host"))
        return False

    def _accepts(self, node: Node | None) -> tuple[str, ...]:
        known = self._world.findings
        for each in _words(node):
            if each.value == HIDDEN:
                told = "no rule makes a hidden opening quiet: hb check tells it whatever is accepted"
                self._problems.warning(each.at, told, "Take it out; hb why tells what hides.", "finding")
            elif known and each.value not in known:
                hint = did_you_mean(each.value, known, what="Such as")
                self._problems.error(each.at, f"hb has no rule {shown(each.value)}", hint, "finding")
        return _texts(node)

    # -- times

    def _moment(self, node: Node | None, *, ends: bool) -> int | None:
        if node is None:
            return None
        found = self._sentence(node, lambda text: times.moment(text, ends=ends))
        if found is None:
            return None
        if found[1]:
            told = "this time says no zone, and is read as UTC"
            self._problems.warning(node.at, told, f"Write {node.value.strip()[:40]}Z.", "zone")
        return found[0]

    def _later(self, node: Node | None, accepted: int | None, name: str) -> int | None:
        """A day or time, or a length of time after `accepted`."""
        if node is None or node.kind != "text" or not times.is_length(node.value):
            return self._moment(node, ends=True)
        seconds = self._sentence(node, times.length)
        if seconds is None:
            return None
        if accepted is None:
            told = f"{name} = {shown(node.value)} counts from accepted, and this rule does not say when that was"
            hint = f"Write {self._problems.pair('accepted', '2026-11-25')}, say, or a day for {name}."
            self._problems.error(node.at, told, hint, "review")
            return None
        return accepted + seconds

    def _days(self, node: Node) -> int | None:
        """Days of the default for review; None for never, 0 for a mistake."""
        if node.kind == "truth" or str(node.value).strip().lower() in NEVER:
            return None
        seconds = self._sentence(node, times.length)
        if seconds is not None and seconds < DAY:
            self._problems.error(node.at, "rules are reviewed after days, not hours", 'Write such as "180d".', "review")
            return 0
        return seconds // DAY if seconds else 0

    def _reviewed(self, rule: Rule, *, said: bool) -> Rule:
        """The default for review, where the rule says when it was accepted and nothing of its review."""
        days = self._defaults.review
        if said or days is None or rule.accepted is None:
            return rule
        return replace(rule, review=rule.accepted + days * DAY)

    # -- what must be said

    def _require(self, rule: Rule, node: Node) -> None:
        fields = {each.name: each for each in table(rule.kind).fields}
        for name in self._defaults.require:
            if name not in node.value:
                field = fields[name]
                slips = [key for key in node.value if key in field.also or key.lower() == name]
                if not slips:  # that key was told already
                    pair = self._problems.pair(name, field.example)
                    hint = f"Write such as {pair}; require in defaults says what is asked."
                    self._problems.error(node.at, f"this {rule.kind} rule has no {name}", hint, f"no-{name}")

    def _keep_out_of_packs(self, given: dict[str, Node]) -> None:
        for name in ("role", "host"):
            if name in given:
                told = f"a rule of a pack has no {name}: a pack does not know who uses it"
                self._problems.error(given[name].key_at, told, f"Leave {name} out.", "pack")

    def _warn_of_proposed(self, rule: Rule, given: dict[str, Node]) -> None:
        """What hb propose could not know: a person says it, or the rule is nobody's decision."""
        if rule.owner == NOBODY:
            told = f"nobody answers for this rule: its owner is {NOBODY}"
            self._problems.warning(given["owner"].at, told, "Name who does, a team or a person.", "no-owner")
        if rule.why.startswith(PROPOSED):
            told = "why tells that this rule was proposed, not what it is needed for"
            self._problems.warning(given["why"].at, told, "Write what needs it, in a person's words.", "no-why")

    def _warn_of_past(self, rule: Rule, given: dict[str, Node]) -> None:
        now = self._world.now
        if now is None:
            return
        if rule.until is not None and rule.until < now:
            told = f"this rule ended on {iso_day(rule.until)}"
            self._problems.warning(given["until"].at, told, "Take it out, or give it a later day.", "expired")
        elif rule.review is not None and rule.review < now:
            node = given.get("review") or given["accepted"]
            told = f"this rule was to be reviewed by {iso_day(rule.review)}"
            self._problems.warning(node.at, told, "hb review confirms it again.", "review-due")
        if rule.accepted is not None and rule.accepted > now + DAY:
            told = "this rule was accepted on a day to come"
            self._problems.warning(given["accepted"].at, told, "Correct the day.", "future")

    def _check_window(self, window: Window, node: Node) -> None:
        tell = self._problems.error
        if not ("every" in node.value or "start" in node.value or "end" in node.value):
            hint = f"Write such as {self._problems.pair('every', SUNDAY)}, or start and end."
            tell(node.at, "this window says no time", hint, "missing")
        if window.start is not None and window.end is not None and window.end <= window.start:
            tell(node.value["end"].at, "this window ends before it begins", "Exchange start and end.", "window")
        if window.mode == "only" and "rules" not in node.value:
            pairs = self._problems.pair("rules", '["db-backup"]'), self._problems.pair("mode", '"mute"')
            hint = f"Name them, such as {pairs[0]}; for silence write {pairs[1]}."
            tell(node.at, "this window names no rules that hold in it alone", hint, "missing")


def _value(node: Node | None, otherwise: str) -> str:
    return otherwise if node is None else str(node.value)


def _words(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else shape.words(node)


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys([each.value for each in _words(node)]))
