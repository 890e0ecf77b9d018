"""What was on a port before, machine by machine, as history has it: since when it is open, and when it was before.

Between two looks nobody knows, and the sentences say so: it was first seen, it was seen at every look since.
"""

from __future__ import annotations

from hb_engine.faces.web.language import Language
from hb_engine.faces.web.ports.asking import Told
from hb_engine.faces.web.ports.telling import Open
from hb_engine.model.errors import HbError
from hb_engine.model.history import Span

MOST = 3  # times that a port was open before, on a machine


class Past:
    """The spans of a port on all machines, in sentences."""

    def __init__(self, told: Told | None, spoken: Language) -> None:
        self._spoken = spoken
        self._spans: tuple[Span, ...] = told.value.spans if told and told.value else ()
        self.trouble: HbError | None = told.trouble if told else None

    def of(self, host: str, key: str) -> list[str]:
        """Since when an opening is there."""
        spans = [one for one in self._spans if one.host == host and one.opening.key == key and one.gone_at is None]
        return [self._since(one) for one in spans[-1:]]

    def before(self, host: str, openings: tuple[Open, ...]) -> list[str]:
        """When it was open before, by somebody else or until some look."""
        now = {one.key for one in openings}
        ended = [one for one in self._spans if one.host == host and (one.gone_at or one.opening.key not in now)]
        return [self._ended(one) for one in sorted(ended, key=lambda one: -one.last_seen)[:MOST]]

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
            "Before that, %(place)s was open from %(first)s to %(last)s: %(who)s.",
            place=f"{one.opening.transport} {one.opening.port}",
            first=self._spoken.moment(one.first_seen),
            last=self._spoken.moment(one.last_seen),
            who=one.opening.identity,
        )
