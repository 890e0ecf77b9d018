"""What was on a port before, machine by machine, as history has it: since when it is open, and when it was before.

Between two looks nobody knows, and the sentences say so: it was first seen, it was seen at every look since. That a
machine never had the port open is not said, only that no look that is remembered has shown it.
"""

from __future__ import annotations

from hb_engine.app.hub.questions.port_past import Looked
from hb_engine.faces.web.language import Language
from hb_engine.faces.web.ports.asking import Told
from hb_engine.faces.web.ports.standing import Stand, spoken_as
from hb_engine.model.history import Span

MOST = 3  # times that a port was open before, on a machine


class Past:
    """The spans of a port on all machines, in sentences. `message` and `remedy` say why there are none."""

    def __init__(self, told: Told | None, spoken: Language, transports: tuple[str, ...]) -> None:
        self._spoken, self.message, self.remedy = spoken, "", ""
        self._spans: tuple[Span, ...] = ()
        self._looked: dict[str, Looked] = {}
        if told is not None and told.trouble is not None:
            self.message, self.remedy = told.trouble.message, told.trouble.remedy
        elif told is not None:
            self._spans = tuple([one for one in told.value.spans if spoken_as(one.opening) in transports])
            self._looked = {one.host: one for one in told.value.machines}

    def of(self, host: str, key: str) -> list[str]:
        """Since when an opening is there."""
        spans = [one for one in self._spans if one.host == host and one.opening.key == key and one.gone_at is None]
        return [self._since(one) for one in spans[:1]]

    def before(self, stand: Stand) -> list[str]:
        """When it was open before, by somebody else or until some look; or since when no look has shown it."""
        host, now = stand.machine.name, {row.key for row in stand.rows}
        mine = [one for one in self._spans if one.host == host]
        ended = [one for one in mine if one.gone_at is not None or one.opening.key not in now]
        if ended:
            return [self._ended(one) for one in sorted(ended, key=lambda one: -one.last_seen)[:MOST]]
        looked = self._looked.get(host)
        if mine or now or looked is None or looked.first is None:
            return []
        first = self._spoken.moment(looked.first)
        return [
            self._spoken.say("No look that is remembered has shown it; the first one was at %(first)s.", first=first)
        ]

    def _since(self, one: Span) -> str:
        say, moment = self._spoken.say, self._spoken.moment
        if one.before is None:
            return say("It was there at the first look that is remembered, %(first)s.", first=moment(one.first_seen))
        return say(
            "It was first seen at %(first)s; the look before, at %(before)s, did not show it.",
            first=moment(one.first_seen),
            before=moment(one.before),
        )

    def _ended(self, one: Span) -> str:
        return self._spoken.say(
            "%(place)s was open before, from %(first)s to %(last)s: %(who)s.",
            place=f"{one.opening.transport} {one.opening.port}",
            first=self._spoken.moment(one.first_seen),
            last=self._spoken.moment(one.last_seen),
            who=one.opening.identity,
        )
