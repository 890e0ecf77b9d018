"""Sessions: browsers that came by a one-time link, and what they may do. They live in memory, and end with hb serve.

What a browser keeps is a secret of 256 bits; what is kept here is its SHA-256, so that nothing in memory or in a page
is a cookie. A secret is found by its digest: how long that takes says nothing of any secret that there is. A session
ends 12 hours after it was last used, 24 hours after it began, when somebody ends it, or when there are too many.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable

from hb_engine.model.record import record

IDLE, LONGEST = 12 * 3600, 24 * 3600  # seconds
MOST = 64
_BITS = 32  # bytes of a secret: 256 bits


@record
class Session:
    """One browser: the digest of its secret (a cookie), what it may do (read or write), and whose it is.

    `uid` owns the connection that the link was used over, None where the system does not tell; `csrf` is the token
    that forms carry. `begun` is seconds since the epoch.
    """

    digest: str
    right: str
    uid: int | None = None
    csrf: str = ""
    user: str = ""
    begun: float = 0.0

    @property
    def name(self) -> str:
        """What the session is called on pages: too short a part of the digest to be one."""
        return self.digest[:12]


@record
class Held:
    """A session with its times, by the clock of Sessions."""

    session: Session
    since: float
    used: float


def fresh() -> str:
    """256 bits that nobody can guess, as text for addresses and cookies (RFC 4648 5)."""
    return secrets.token_urlsafe(_BITS)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def running() -> float:
    """Seconds that this machine has been up, asleep or not, where that is told: no change of the date ends a session,
    and none makes it live longer."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class Sessions:
    """Every session that there is. `clock` gives seconds that never go back, `now` seconds since the epoch."""

    def __init__(
        self,
        given: tuple[Session, ...] = (),
        clock: Callable[[], float] = running,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._clock, self._now = clock, now
        self._held = {one.digest: Held(one, clock(), clock()) for one in given}

    def begin(self, right: str, uid: int | None, user: str = "") -> str:
        """A new session's secret. The one that was used longest ago ends where there would be too many."""
        self._forget()
        while len(self._held) >= MOST:
            del self._held[min(self._held, key=lambda known: self._held[known].used)]
        secret, at = fresh(), self._clock()
        session = Session(digest(secret), right, uid, fresh(), user, self._now())
        self._held[session.digest] = Held(session, at, at)
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a secret, which is now used; None where there is none any more."""
        known = digest(secret)
        held = self._held.get(known)
        if held is None:
            return None
        at = self._clock()
        if self._is_over(held, at):
            del self._held[known]
            return None
        self._held[known] = Held(held.session, held.since, at)
        return held.session

    def end(self, name: str) -> bool:
        """End the session of a name; False where there is none."""
        found = [known for known, held in self._held.items() if held.session.name == name]
        for known in found:
            del self._held[known]
        return bool(found)

    def listed(self) -> tuple[tuple[Session, float], ...]:
        """Every session and how many seconds ago it was last used, the newest first."""
        self._forget()
        at = self._clock()
        newest = sorted(self._held.values(), key=lambda held: -held.since)
        return tuple([(held.session, at - held.used) for held in newest])

    def _forget(self) -> None:
        at = self._clock()
        self._held = {known: held for known, held in self._held.items() if not self._is_over(held, at)}

    @staticmethod
    def _is_over(held: Held, at: float) -> bool:
        return at - held.used > IDLE or at - held.since > LONGEST
