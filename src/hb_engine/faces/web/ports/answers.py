"""Questions that people ask about a port, and answers made of the facts of its page.

A question is asked only where there are facts to answer it with; an answer is whole sentences, chosen by facts, with
the sections that they come from. Nothing here is true of every port alike, or it would not be worth a reader's time.
"""

from __future__ import annotations

from hb_engine.faces.web.language import Language
from hb_engine.faces.web.machines.rows import Row
from hb_engine.faces.web.machines.who import who
from hb_engine.faces.web.ports import lead
from hb_engine.faces.web.ports.facts import Facts
from hb_engine.faces.web.ports.standing import Stand
from hb_engine.faces.web.ports.telling import reach
from hb_engine.model.assignment import PortRange
from hb_engine.model.record import record

FEW = 3  # openings, services and claims that an answer names
SYSTEM = 1024  # ports below need rights on most systems
UNWANTED = ("new", "forbidden")  # kinds of drift where no rule comes near to allowing it
RARE = ("unassigned", "deassigned", "unconfirmed")


@record
class Answer:
    """A question with its answer, and the sections of the page that it comes from."""

    id: str
    question: str
    sentences: tuple[str, ...]
    evidence: tuple[str, ...]


@record
class Known:
    """All that answers may use."""

    facts: Facts
    stands: tuple[Stand, ...]
    place: PortRange
    local: tuple[int, int] | None  # the ports that this machine's kernel picks for outgoing connections


def _throughout(known: Known) -> bool:
    """Whether it is closed on every machine, and in all network namespaces of each."""
    return all(stand.closed and all(one.apart for one in stand.silences) for stand in known.stands)


def answers(known: Known, spoken: Language) -> tuple[Answer, ...]:
    """Every question that this port's facts answer."""
    if known.facts.port == 0:
        return ()
    made = [make(known, spoken) for make in (_open, _uses, _dangerous, _rights, _outgoing, _scanned, _own, _close)]
    return tuple([one for one in made if one is not None and one.sentences])


def _open(known: Known, spoken: Language) -> Answer | None:
    if not known.stands:
        return None
    port = known.facts.port
    told = [spoken.say("Yes.")] if _rows(known) else []
    told += [_held(stand, row, spoken) for stand, row in _rows(known)[:FEW]]
    shut = [stand for stand in known.stands if stand.closed]
    unsure = [stand for stand in known.stands if not stand.opened and not stand.closed]
    if shut and not told and not unsure and _throughout(known):
        told.append(spoken.say("No: every machine was looked at in a way that would have shown it."))
    elif shut:
        told.append(spoken.count("It is closed on one machine.", "It is closed on %(num)s machines.", len(shut)))
    if unsure:
        told.append(
            spoken.count(
                "On one machine nothing was seen, and not everything could be looked at.",
                "On %(num)s machines nothing was seen, and not everything could be looked at.",
                len(unsure),
            )
        )
    return Answer("open", spoken.say("Is port %(port)s open here?", port=port), tuple(told), ("here",))


def _uses(known: Known, spoken: Language) -> Answer | None:
    facts, told = known.facts, []
    if facts.names:
        told.append(lead.registration(facts, spoken))
        told.append(spoken.say("A registration says what should live there, and not what does."))
    rows = _rows(known)
    if rows:
        holders = list(dict.fromkeys([who(spoken, row.opening) for _, row in rows]))[:FEW]
        told.append(spoken.say("In this network it is held by %(holders)s.", holders=spoken.listed(holders)))
    if not told:
        return None
    evidence = (*(("registered",) if facts.names else ()), *(("here",) if rows else ()))
    return Answer("uses", spoken.say("What uses port %(port)s?", port=facts.port), tuple(told), evidence)


def _dangerous(known: Known, spoken: Language) -> Answer | None:
    """Of ports that were linked with something, or that are open beyond their machine."""
    facts, told = known.facts, []
    bad = [claim for claim in facts.threats if claim.kind != "exposed-admin"]
    exposed = [claim.name for claim in facts.threats if claim.kind == "exposed-admin"]
    if bad:
        told.append(
            spoken.count(
                "It has been listed as used by one harmful program, which proves nothing about yours.",
                "It has been listed as used by %(num)s harmful programs, which proves nothing about yours.",
                len({claim.name for claim in bad}),
            )
        )
    if exposed:
        names = list(dict.fromkeys(exposed))[:FEW]
        told.append(
            spoken.say(
                "%(names)s is often attacked where it can be reached from everywhere: let in only who needs it.",
                names=spoken.listed(names),
            )
        )
    rows = [row for _, row in _rows(known)]
    wide = [row for row in rows if row.opening.scope == "public"]
    if not told and not wide:
        return None
    if wide:
        told.append(spoken.say("Here it can be reached from everywhere that the firewalls between let through."))
    odd = [row for row in rows if row.odd]
    if odd:
        told.append(spoken.say("What holds it here needs a look: the reasons stand with it."))
    elif not rows and known.stands and _throughout(known):
        told.append(spoken.say("Nothing listens there in this network, so that nothing can be attacked there."))
    evidence = (*(("linked",) if facts.threats else ()), *(("here",) if rows or known.stands else ()))
    return Answer("dangerous", spoken.say("Is port %(port)s dangerous?", port=facts.port), tuple(told), evidence)


def _rights(known: Known, spoken: Language) -> Answer | None:
    port, place = known.facts.port, known.place
    if place.privileged is None:
        return None
    if place.privileged:
        told = [spoken.say("Yes, on this machine: a program needs root or CAP_NET_BIND_SERVICE to listen on it.")]
        told.append(spoken.say("On Windows nobody does, and on macOS only for one specific address."))
    elif port < SYSTEM:
        told = [spoken.say("Not on this machine, where low ports are free to all; on most others it would.")]
    else:
        told = [spoken.say("No: any program may listen on it, if nobody else has it.")]
    return Answer(
        "rights", spoken.say("Does a program need root to listen on port %(port)s?", port=port), tuple(told), ("range",)
    )


def _outgoing(known: Known, spoken: Language) -> Answer | None:
    port, place, local = known.facts.port, known.place, known.local
    if place.ephemeral is None:
        return None
    first, last = local or (0, 0)
    if local is None:
        picked = spoken.say("Yes: this machine may pick it, so that what holds it may be a client.")
        told = [picked if place.ephemeral else spoken.say("No: this machine does not pick it.")]
    elif place.ephemeral:
        told = [
            spoken.say(
                "Yes: this machine picks ports from %(first)s to %(last)s, so that it may be taken when a service "
                "wants it, and what holds it may be a client.",
                first=first,
                last=last,
            ),
            spoken.say("net.ipv4.ip_local_reserved_ports keeps it free for a service."),
        ]
    elif first <= port <= last:
        told = [spoken.say("No: it is in the range, and net.ipv4.ip_local_reserved_ports keeps it free.")]
    else:
        told = [spoken.say("No: this machine picks ports from %(first)s to %(last)s.", first=first, last=last)]
    return Answer(
        "outgoing",
        spoken.say("May port %(port)s be picked for an outgoing connection?", port=port),
        tuple(told),
        ("range",),
    )


def _scanned(known: Known, spoken: Language) -> Answer | None:
    """Why somebody would look for it: where programs that do are listed, or the service is one that is attacked."""
    facts = known.facts
    looking = list(dict.fromkeys([claim.name for claim in facts.threats if claim.direction == "scan"]))
    exposed = list(dict.fromkeys([claim.name for claim in facts.threats if claim.kind == "exposed-admin"]))
    told = []
    if looking:
        told.append(
            spoken.say("Programs that look for it have been listed: %(names)s.", names=spoken.listed(looking[:FEW]))
        )
    if exposed:
        told.append(
            spoken.say("Who looks for it hopes for an unguarded %(names)s.", names=spoken.listed(exposed[:FEW]))
        )
    if not told:
        return None
    return Answer(
        "scanned", spoken.say("Why would somebody scan port %(port)s?", port=facts.port), tuple(told), ("linked",)
    )


def _own(known: Known, spoken: Language) -> Answer | None:
    """Whether a program of one's own may take it, by its status."""
    facts = known.facts
    status = {row.status for row in facts.rows}
    if facts.names:
        told = [
            spoken.say(
                "In your own network, yes. Others will take it for %(name)s, so that another number is kinder.",
                name=facts.names[0],
            )
        ]
    elif "dynamic" in status:
        told = [
            spoken.say("Yes, that is what these ports are for; but the system may have given it to a client by then.")
        ]
    elif "reserved" in status:
        told = [spoken.say("Better not: IANA keeps it back.")]
    elif status & set(RARE):
        told = [spoken.say("Yes, nobody has registered it; but IANA may give it to somebody one day.")]
    else:
        return None
    return Answer(
        "own", spoken.say("May my own program use port %(port)s?", port=facts.port), tuple(told), ("registered",)
    )


def _close(known: Known, spoken: Language) -> Answer | None:
    """Of what is open or required here."""
    rows = _rows(known)
    if not rows:
        return None
    told = []
    required = [row for _, row in rows if row.held is not None and row.held.kind == "require"]
    covered = [row for _, row in rows if row.held is not None and row.held.kind == "allow"]
    drift = [row for _, row in rows if row.state == "drift" and row.verdict and row.verdict.kind in UNWANTED]
    if required:
        told.append(spoken.say("No: the rule %(rule)s requires it.", rule=required[0].rule))
    elif covered:
        told.append(
            spoken.say(
                "The rule %(rule)s allows it and does not require it: ask its owner first.", rule=covered[0].rule
            )
        )
    elif drift:
        told.append(spoken.say("No rule wants it: find out what it is first, and keep the evidence."))
    holders = list(dict.fromkeys([who(spoken, row.opening) for _, row in rows]))[:FEW]
    told.append(spoken.say("Whoever talks to %(holders)s would be cut off.", holders=spoken.listed(holders)))
    return Answer(
        "close", spoken.say("Is it safe to close port %(port)s?", port=known.facts.port), tuple(told), ("here", "check")
    )


def _held(stand: Stand, row: Row, spoken: Language) -> str:
    return spoken.say(
        "On %(machine)s, %(who)s has %(place)s, %(reach)s.",
        machine=stand.machine.name,
        who=who(spoken, row.opening),
        place=f"{row.opening.transport} {row.opening.port}",
        reach=reach(row.opening, spoken),
    )


def _rows(known: Known) -> list[tuple[Stand, Row]]:
    return [(stand, row) for stand in known.stands for row in stand.rows]
