"""A port's page, put together: the sections that have something to say, in the order in which a reader needs them.

What does not change with the machines is made once for each port and language, and kept; the rest is made from the
sight at every request, since it is the news.
"""

from __future__ import annotations

import asyncio
import functools
from typing import Any

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import Language, language, mark
from hb_engine.faces.web.machines import rows as machines
from hb_engine.faces.web.page import Ask
from hb_engine.faces.web.ports import (
    answers,
    asking,
    chart,
    commands,
    facts,
    index,
    lead,
    linked,
    past,
    registered,
    standing,
    systems,
    telling,
)
from hb_engine.faces.web.ports.facts import Facts
from hb_engine.faces.web.ports.once import ONCE
from hb_engine.faces.web.ports.standing import Stand
from hb_engine.model.assignment import PortRange
from hb_engine.model.errors import DataError
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry
from hb_engine.registry.ranges import port_range
from hb_engine.registry.threats import Threats

HIGHEST = 65535
BLOCK = 256  # ports of a page of the list
KEPT = 4096
SHOWN = 50  # machines that are told one by one; the rest is counted
ROOMY = 3  # so many machines have a card each, whatever is known of them
SECTIONS = {  # by their ids, as the table of contents has them
    "here": mark("Here now"),
    "registered": mark("Registered"),
    "range": mark("Range and rights"),
    "linked": mark("Linked with it"),
    "pressure": mark("Scan pressure"),
    "check": mark("Check it yourself"),
    "questions": mark("Questions"),
    "near": mark("Near it"),
}


@record
class Static:
    """The sections that do not change with the machines, in words."""

    facts: Facts
    title: str
    rows: tuple[registered.Row, ...]
    claims: tuple[linked.Claim, ...]
    systems: tuple[systems.System, ...]


@record
class Machine:
    """One machine for the page: what is open, what is known of the rest, and what its baseline misses."""

    stand: Stand
    openings: tuple[telling.Open, ...]
    quiet: tuple[tuple[tuple[str, ...], standing.Silence], ...]


@functools.lru_cache(maxsize=KEPT)
def static(code: str, registry: Registry, threats: Threats, port: int, transport: str) -> Static:
    """What a page says whatever is open. Kept by the data's identity: newer data is another registry."""
    spoken = language(code)
    known = facts.of(registry, threats, port, transport)
    return Static(
        known,
        lead.title(known),
        registered.rows(known.groups, spoken),
        linked.claims(known.threats, spoken),
        systems.elsewhere(port, spoken),
    )


async def view(ask: Ask, port: int, transport: str = "") -> dict[str, Any]:
    """The values of the page's template."""
    spoken, hub, sight = ask.language, ask.hub, ask.sight
    kept = static(spoken.code, hub.registry, hub.threats, port, transport)
    known = kept.facts
    stands = standing.stands(sight, port, known.transports) if port else ()
    votes, pressed, before = await asyncio.gather(
        asking.told(hub, "useful-count"), asking.pressure_kept(hub, port), _past(ask, port)
    )
    told = [_machine(stand, spoken) for stand in stands[:SHOWN]]
    cards = [one for one in told if one.openings or one.stand.missing or len(stands) <= ROOMY]
    place = _place(sight, port)
    local = sight.machines[0].seen.host.local_ports if sight.machines else None
    asked = commands.Asked(port, known.transports, _host(ask), known.names, _unit(stands))
    checks, closing = _commands(spoken.code, asked)
    return {
        "port": port,
        "transport": transport,
        "kept": kept,
        "facts": known,
        "lead": lead.sentences(known, stands, spoken),
        "machines": cards,
        "quiet_machines": [one for one in told if one not in cards],
        "others": max(len(stands) - SHOWN, 0),
        "past": past.Past(before, spoken, known.transports),
        "tabs": known.transports if not transport else facts.of(hub.registry, hub.threats, port).transports,
        "sources": _sources(known, spoken),
        "section": lambda name: spoken.say(SECTIONS[name]),
        "failed": None,
        "range": systems.span(place, spoken),
        "once": ONCE,
        "here": systems.here(place, local, spoken),
        "checks": checks,
        "closing": closing,
        "example": asked.host == commands.EXAMPLE,
        "answers": answers.answers(answers.Known(known, stands, place, local), spoken),
        "votes": _votes(votes, port),
        "pressed": pressed,
        "chart": chart.chart(pressed.value.look.days) if pressed.value and pressed.value.look else None,
        "thanks": ask.query.get("thanks", ""),
        "before": port - 1 if port else None,
        "after": port + 1 if port < HIGHEST else None,
        "names": _beside(hub, port),
        "block": port // BLOCK * BLOCK,
    }


@functools.lru_cache(maxsize=KEPT)
def _commands(code: str, asked: commands.Asked) -> tuple[tuple[commands.Commands, ...], tuple[commands.Commands, ...]]:
    return commands.checks(asked, language(code)), commands.closing(asked, language(code))


def _place(sight: Sight, port: int) -> PortRange:
    """The range of a port, asked of the kernel once for each sight."""
    known: dict[int, PortRange] = machines.SHELF.of(sight, "ranges", _no_ranges)
    if port not in known:
        known[port] = port_range(port)
    return known[port]


def _no_ranges(_: Sight) -> dict[int, PortRange]:
    return {}


async def _past(ask: Ask, port: int) -> asking.Told | None:
    """What was on the port before. Where history is in trouble the sight knows it, and nobody is asked."""
    if not port or not ask.sight.machines:
        return None
    known = next((one for one in ask.sight.troubles if one.about == "history"), None)
    if known is not None:
        return asking.Told(trouble=DataError(known.message, known.remedy))
    return await asking.past(ask.hub, port)


def _sources(known: Facts, spoken: Language) -> str:
    """Of which days the registry's data is: names and details have one each."""
    if known.details_as_of and known.details_as_of != known.as_of:
        return spoken.say(
            "IANA's data: names as of %(names)s, everything else as of %(details)s.",
            names=known.as_of,
            details=known.details_as_of,
        )
    return spoken.say("IANA's data as of %(names)s.", names=known.as_of)


def _beside(hub: Hub, port: int) -> dict[str, str]:
    known = index.of(hub.registry, hub.threats)
    return {"before": known.name(port - 1), "after": known.name(port + 1)}


def _machine(stand: Stand, spoken: Language) -> Machine:
    return Machine(
        stand,
        tuple([telling.opened(row, stand, spoken) for row in stand.rows]),
        tuple([(telling.quiet(one, stand, spoken), one) for one in stand.silences]),
    )


def _host(ask: Ask) -> str:
    """An address of this machine to ask from elsewhere, IPv4 where there is one; else an example's."""
    known = ask.sight.machines[0].seen.host.addresses if ask.sight.machines else ()
    return next((one for one in known if ":" not in one), commands.EXAMPLE)


def _unit(stands: tuple[Stand, ...]) -> str:
    """The unit that holds the port on this machine."""
    for stand in stands:
        if not stand.machine.source:
            return next((unit for row in stand.rows if (unit := telling.unit(row.opening))), "")
    return ""


def _votes(told: asking.Told, port: int) -> Any:
    return next((one for one in told.value or () if one.port == port), None)
