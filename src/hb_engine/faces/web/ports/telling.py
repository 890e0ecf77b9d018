"""One opening, and one machine's silence, in the words of a language: who, how far, since when, and what rule says so.

Names of processes and reasons of the judge are strangers' and English text; they stand beside our words, not in them.
"""

from __future__ import annotations

from hb_engine.faces.stories.owners import kin, unit_name
from hb_engine.faces.text import shell_word
from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import Language
from hb_engine.faces.web.machines import words as machine_words
from hb_engine.faces.web.machines.rows import Row
from hb_engine.faces.web.machines.story import file
from hb_engine.faces.web.machines.who import who
from hb_engine.faces.web.ports import words
from hb_engine.faces.web.ports.standing import Silence, Stand
from hb_engine.faces.words import address
from hb_engine.model.opening import Opening
from hb_engine.model.record import record

WILDCARDS = ("0.0.0.0", "::", "*")  # noqa: S104 - read from the kernel, not bound
LOOPBACKS = ("127.0.0.1", "::1")
FEW = 4  # addresses that are told


@record
class Open:
    """An opening for the page. `mark` is a kind of mark, `word` its state, `reason` the judge's English sentence."""

    place: str
    mark: str
    word: str
    who: str
    href: str
    reach: str
    addresses: str
    verdict: str
    reasons: tuple[str, ...]
    rule: str
    where: str
    owner: str
    why: str
    facts: tuple[tuple[str, str], ...]
    started_at: float | None
    ephemeral: bool
    key: str
    unit: str


def opened(row: Row, stand: Stand, spoken: Language) -> Open:
    """An opening in words."""
    one = row.opening
    told, held = row.verdict, row.held
    return Open(
        place=f"{one.transport} {one.port}",
        mark=row.mark,
        word=machine_words.said(spoken, machine_words.STATES, row.state),
        who=who(spoken, one),
        href=addresses.opening(stand.machine.name, row.key),
        reach=reach(one, spoken),
        addresses=_addresses(one),
        verdict=verdict(row, spoken),
        reasons=_reasons(row),
        rule=row.rule,
        where=(told.where.text if told and told.where else held.where.text if held and held.where else ""),
        owner=(told.owner if told else "") or (held.owner if held else ""),
        why=(told.why if told else "") or (held.why if held else ""),
        facts=_facts(one, spoken),
        started_at=one.owners[0].started_at if one.owners else None,
        ephemeral=one.ephemeral,
        key=row.key,
        unit=unit(one),
    )


def verdict(row: Row, spoken: Language) -> str:
    """How an opening stands to the baseline, in a sentence."""
    if row.verdict is not None and row.state in ("drift", "debt", "unseen", "muted"):
        if row.state == "debt":
            return spoken.say("It was there before anybody decided, and has not been reviewed.")
        if row.state == "muted":
            return spoken.say("It differs from the baseline, within a time in which that is not reported.")
        if row.state == "unseen":
            return spoken.say("Whether it fits the baseline could not be checked.")
        return words.said(words.VERDICTS, row.verdict.kind, spoken)
    if row.held is not None:
        return spoken.say("A rule of the baseline covers it.")
    if row.state == "note":
        return spoken.say("No rule of the baseline is about it.")
    return spoken.say("There is no baseline to hold it against.")


def reach(one: Opening, spoken: Language) -> str:
    """From where an opening can be reached by its addresses."""
    if one.interface:
        return spoken.say("through %(interface)s only", interface=one.interface)
    known = set(one.addresses)
    if known and known <= set(LOOPBACKS):
        return spoken.say("from this machine only")
    if known and known <= set(WILDCARDS):
        if one.families == ("ipv4",):
            return spoken.say("on every IPv4 address")
        if one.families == ("ipv6",):
            return spoken.say("on every IPv6 address")
        return spoken.say("on every address")
    return spoken.say(
        "on some of its addresses: %(scope)s", scope=machine_words.said(spoken, machine_words.SCOPES, one.scope)
    )


def quiet(one: Silence, stand: Stand, spoken: Language) -> tuple[str, ...]:
    """What is known of transports that are not open, in sentences."""
    transports = spoken.listed(list(one.transports))
    moment = spoken.moment(stand.machine.seen.taken_at)
    if one.closed and one.apart:
        return (spoken.say("%(transports)s, at the look of %(moment)s.", transports=transports, moment=moment),)
    if one.closed:
        return (
            spoken.say(
                "%(transports)s, on the machine itself, at the look of %(moment)s.",
                transports=transports,
                moment=moment,
            ),
            spoken.say("Not all of its other network namespaces, as containers have them, could be looked into."),
        )
    said = spoken.say(
        "%(transports)s, at the look of %(moment)s: that does not mean that nothing is there.",
        transports=transports,
        moment=moment,
    )
    return (said, spoken.say("That look was not asked about everything.")) if one.partial else (said,)


def _addresses(one: Opening) -> str:
    shown = [address(text) for text in one.addresses[:FEW]]
    return ", ".join([*shown, *([f"+{len(one.addresses) - FEW}"] if len(one.addresses) > FEW else [])])


NEW = "no rule is about it"  # how judge/telling.py begins


def _reasons(row: Row) -> tuple[str, ...]:
    """The judge's sentences and the baseline's, each once: the baseline's has the judge's in it, behind its own."""
    judged = [reason.text for reason in row.opening.verdict.reasons] if row.opening.verdict else []
    told = row.verdict.reason if row.verdict else ""
    for text in judged:
        told = told.replace(f"; {text}", "")
    told = "" if told == NEW else told  # the sentence above says so
    return tuple(dict.fromkeys([*judged[: 3 if told else 4], *([told] if told else [])]))


def _facts(one: Opening, spoken: Language) -> tuple[tuple[str, str], ...]:
    """What is known of the first owner: process, user, executable, package, container."""
    if not one.owners:
        return ()
    owner = one.owners[0]
    box = owner.container or one.container
    package = f"{owner.package.name} {owner.package.version}" if owner.package else ""
    told = (
        (spoken.say("process"), f"{owner.comm} ({owner.pid})" if owner.comm else str(owner.pid)),
        (spoken.say("user"), owner.user or (str(owner.uid) if owner.uid is not None else "")),
        (spoken.say("runs"), file(spoken, owner) if owner.exe else ""),
        (spoken.say("package"), package),
        (spoken.say("container"), box.image or box.name or box.id[:12] if box else ""),
        (spoken.say("network namespace"), (one.netns.name or str(one.netns.id)) if one.netns.kind != "host" else ""),
    )
    return tuple([(name, value) for name, value in told if value])


def unit(one: Opening) -> str:
    """The service that would be stopped, where its name is safe to type; "" for none.

    A unit is named only where the process is plainly the unit's own: what cron started is not stopped by stopping cron.
    """
    held = (one.owners[0].unit if one.owners else one.unit) or ""
    name = unit_name(held)
    plain = name.endswith((".service", ".socket")) and not name.startswith(("user@", "-")) and shell_word(name) == name
    return name if plain and all(kin(held, owner) for owner in one.owners) else ""
