"""One-time links: who opens one has a session. Each is good once, for 15 minutes, and for the users whom it is for.

A link's token is in the address of a page for the length of one request, and may be in the arguments of the program
that opened it, which every user of a machine can read: so it is used up by its first use, and another user than those
who may use it only wastes a try. What is kept is the token's SHA-256, as with sessions. It refuses to say of a token
that was never given out more than that.
"""

from __future__ import annotations

from collections.abc import Callable

from hb_engine.faces.web.guard.sessions import digest, fresh, running
from hb_engine.model.record import record

LASTS = 15 * 60  # seconds
MOST = 32
UNKNOWN, USED, EXPIRED, FOREIGN = WHY = ("unknown", "used", "expired", "foreign")


@record
class Link:
    """What a token gives: a right, until when (by the clock of Links), and whether it gave it already."""

    right: str
    until: float
    used: bool = False


class Links:
    """The links that were given out. `users` may use them, by their numbers; None: whoever has one."""

    def __init__(self, users: frozenset[int] | None = None, clock: Callable[[], float] = running) -> None:
        self.users, self._clock = users, clock
        self._links: dict[str, Link] = {}

    def give(self, right: str) -> str:
        """A new token. The oldest are forgotten where there are too many."""
        token = fresh()
        self._links[digest(token)] = Link(right, self._clock() + LASTS)
        while len(self._links) > MOST:
            del self._links[next(iter(self._links))]
        return token

    def use(self, token: str, uid: int | None) -> tuple[str, str]:
        """(right, "") of a good token, which is used up now; else ("", why not).

        `uid` is who uses it, None where the system does not tell users apart.
        """
        known = digest(token)
        link = self._links.get(known)
        if link is None:
            return "", UNKNOWN
        if link.used:
            return "", USED
        if self._clock() > link.until:
            return "", EXPIRED
        if not self.is_for(uid):
            return "", FOREIGN
        self._links[known] = Link(link.right, link.until, used=True)
        return link.right, ""

    def is_for(self, uid: int | None) -> bool:
        """Whether a user may use links at all."""
        return self.users is None or uid is None or uid in self.users
