"""What can be found: an entry for each service, process, machine, rule and threat, with the texts it is found by.

Entries hold facts, no sentences of ours, so that pages in any language and the API can show them. It refuses to look
anything up while a person waits: entries are made once, for a registry or for a sight.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.app.looking.look import rule_names
from hb_engine.faces.web import addresses
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import mark
from hb_engine.judge import kit
from hb_engine.model.assignment import Assignment, Threat
from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.model.verdict import SEVERITIES, WORDS
from hb_engine.registry.threats import CONFIDENCE

GROUPS = {  # in the order in which they are shown where nothing says otherwise
    "ports": mark("Ports"),
    "machines": mark("Machines"),
    "processes": mark("Processes"),
    "services": mark("Services"),
    "rules": mark("Rules of the baseline"),
    "findings": mark("What hb looks for"),
    "threats": mark("Threats"),
}
FIELDS = {
    "name": mark("name"),
    "description": mark("description"),
    "alias": mark("another name"),
    "port": mark("port"),
    "program": mark("program"),
    "unit": mark("unit"),
    "package": mark("package"),
    "container": mark("container"),
    "user": mark("user"),
    "machine": mark("machine"),
    "finding": mark("finding"),
    "system": mark("system"),
    "address": mark("address"),
    "label": mark("label"),
    "owner": mark("owner"),
    "reason": mark("reason"),
    "place": mark("place"),
    "kind": mark("kind"),
    "source": mark("source"),
}
SHOWN = 6  # ports of one entry that are told one by one
WORST = len(SEVERITIES)


@record
class Entry:
    """One thing that can be found: `fields` are the texts that it is found by, each with a name of FIELDS.

    Of entries that fit equally well the one with the smaller `weight` comes first. `tone` is a word of
    model.verdict.WORDS where there is something to say of it.
    """

    group: str
    title: str
    detail: str
    href: str
    fields: tuple[tuple[str, str], ...]
    weight: int = 0
    tone: str = ""


def services(hub: Hub) -> Iterator[Entry]:
    """Each name of the registry, with its ports."""
    rows: dict[str, list[Assignment]] = {}
    aliases: dict[str, dict[str, None]] = {}
    for row in hub.registry.all():
        if row.name:
            rows.setdefault(row.name.lower(), []).append(row)
            if row.alias_of:
                aliases.setdefault(row.alias_of.lower(), {})[row.name] = None
    for name, found in rows.items():
        numbers = [row.first for row in found if row.first is not None]
        told = dict.fromkeys([_numbered(row) for row in found if row.first is not None])
        says = dict.fromkeys([row.description for row in found if row.description])
        also = [*aliases.get(name, ()), *dict.fromkeys([row.alias_of for row in found if row.alias_of])]
        yield Entry(
            "services",
            found[0].name,
            joined(_short(list(told)), *list(says)[:2]),
            addresses.port(min(numbers)) if numbers else "",
            (
                ("name", found[0].name),
                *[("alias", text) for text in also],
                *[("description", text) for text in says],
                ("port", " ".join([*told, *dict.fromkeys(map(str, numbers))])),
            ),
            min(numbers, default=70000),
        )


def threats(hub: Hub) -> Iterator[Entry]:
    """Each name that has been linked with ports."""
    found: dict[tuple[str, str], list[Threat]] = {}
    for claim in hub.threats.all():
        found.setdefault((claim.name, claim.kind), []).append(claim)
    for (name, kind), claims in found.items():
        told = dict.fromkeys([_claimed(claim) for claim in claims])
        yield Entry(
            "threats",
            name,
            joined(kind, _short(list(told)), claims[0].platform),
            addresses.port(claims[0].first),
            (
                ("name", name),
                ("kind", kind),
                ("port", " ".join([*told, *dict.fromkeys([str(claim.first) for claim in claims])])),
                *[("source", text) for text in dict.fromkeys([claim.source for claim in claims])],
            ),
            min([CONFIDENCE.index(claim.confidence) for claim in claims]),
        )


def findings() -> Iterator[Entry]:
    """Each of the judge's rules; its address finds the openings of which it speaks."""
    for loaded in kit.load(rule_names()):
        rule = loaded.rule
        yield Entry(
            "findings",
            rule.name,
            rule.title,
            f"/search?q={quote(rule.name)}&group=processes",
            (("name", rule.name), ("description", rule.title), ("kind", rule.severity)),
            WORST - SEVERITIES.index(rule.severity),
        )


def rules(sight: Sight) -> Iterator[Entry]:
    """Each rule of the baseline."""
    for rule in sight.baseline.baseline.rules if sight.baseline else ():
        yield Entry(
            "rules",
            rule.id,
            joined(rule.kind, rule.places, rule.by_text, rule.owner, rule.why),
            f"/baseline/rules/{quote(addresses.segment(rule.id), safe='')}",
            (
                ("name", rule.id),
                ("reason", rule.why),
                ("owner", rule.owner),
                ("place", f"{rule.places} {rule.by_text}"),
                ("kind", rule.kind),
                ("source", " ".join(filter(None, [rule.pack, rule.where.file]))),
            ),
        )


def machines(sight: Sight) -> Iterator[Entry]:
    """Each machine."""
    for one in sight.machines:
        host = one.seen.host
        yield Entry(
            "machines",
            one.name,
            joined(host.system, _short(list(host.addresses)), *host.labels[:SHOWN]),
            addresses.machine(one.name),
            (
                ("name", one.name),
                ("system", f"{host.system} {host.os}".strip()),
                *[("address", text) for text in host.addresses],
                *[("label", text) for text in host.labels],
                ("source", one.source),
            ),
        )


def processes(sight: Sight) -> Iterator[Entry]:
    """Each program that holds something open on a machine, once for all that it holds there."""
    for machine in sight.machines:
        held: dict[tuple[str, ...], list[Opening]] = {}
        for one in machine.seen.openings:
            for holder in dict.fromkeys(_holders(one)):
                held.setdefault(holder, []).append(one)
        at = addresses.machine(machine.name)
        for holder, opened in held.items():
            yield _process(machine, at, holder, opened)


def _process(machine: Machine, at: str, holder: tuple[str, ...], opened: list[Opening]) -> Entry:
    comm, exe, unit, package, box, user = holder
    told = dict.fromkeys([_placed(one) for one in opened])
    spoken = [reason.rule for one in opened if one.verdict for reason in one.verdict.reasons]
    tone = max([WORDS.index(one.verdict.word) for one in opened if one.verdict], default=0)
    worst = max(opened, key=lambda one: WORDS.index(one.verdict.word) if one.verdict else 0)
    return Entry(
        "processes",
        comm or unit or box or opened[0].identity,
        joined(_short(list(told)), exe, unit, package, box, user, machine.name),
        f"{at}/openings/{addresses.short(worst.key)}",
        (
            ("name", comm),
            ("program", exe),
            ("unit", unit),
            ("package", package),
            ("container", box),
            ("user", user),
            ("port", " ".join([*told, *dict.fromkeys([str(one.port) for one in opened if one.port is not None])])),
            ("machine", machine.name),
            *[("finding", text) for text in dict.fromkeys(spoken)],
        ),
        len(WORDS) - tone,
        WORDS[tone] if tone else "",
    )


def _holders(one: Opening) -> Iterator[tuple[str, ...]]:
    """Who holds an opening: name, program, unit, package, container and user, empty where they are not known."""
    for owner in one.owners:
        box = owner.container or one.container
        yield (
            owner.comm,
            owner.script or owner.exe or "",
            owner.unit or "",
            owner.package.name if owner.package else "",
            " ".join(filter(None, (box.name, box.image, box.pod))) if box else "",
            owner.user,
        )
    if not one.owners:
        box = one.container
        yield "", "", one.unit or one.identity, "", box.name if box else "", one.user


def _placed(one: Opening) -> str:
    return f"{one.transport}/{one.port}" if one.port is not None else f"{one.transport} {one.protocol}".strip()


def _numbered(row: Assignment) -> str:
    span = str(row.first) if row.first == row.last else f"{row.first}-{row.last}"
    return f"{row.transport}/{span}" if row.transport else span


def _claimed(claim: Threat) -> str:
    span = str(claim.first) if claim.first == claim.last else f"{claim.first}-{claim.last}"
    return f"{claim.transport}/{span}"


def _short(told: list[str]) -> str:
    return ", ".join(told[:SHOWN]) + (" …" if len(told) > SHOWN else "")


def joined(*parts: str) -> str:
    """Facts of one entry, one after the other; empty ones are left out."""
    return " · ".join([part for part in parts if part])
