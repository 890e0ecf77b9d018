"""Jobs as strategies order them: which talk, over what, and how long each of its questions is worth.

Waiting is where identification spends its time, so all of it is decided here: long where an answer is expected, as
short as the round trip allows where it is not, never beyond what the settings give. It refuses to choose (choice.py)
and to order (strategy.py).
"""

from __future__ import annotations

from hb_engine.identify import talks
from hb_engine.identify.carrier import Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from hb_engine.identify.kit import Peer
    from hb_engine.identify.loading import Library, Module
    from hb_engine.identify.question import Settings

QUIET = 0.1  # a greeting is over when it pauses so long
PAUSE = 0.5  # an answer that does not end as its protocol would is over when it pauses so long
BOTH = (("h2", "http/1.1"), ())


def grace(rtt: float) -> float:
    """How long a server that speaks first may take, before we speak."""
    return min(max(3 * rtt + 0.05, 0.15), 0.4)


class Jobs:
    """A maker of jobs for one port. `made` has the probes that got one, `nonces` what they were given, in hex."""

    def __init__(self, library: Library, settings: Settings, peer: Callable[[bool], Peer]) -> None:
        self._library, self._settings, self._make_peer = library, settings, peer
        self.made: set[tuple[str, bool]] = set()
        self.nonces: list[str] = []

    def peer(self, tls: bool) -> Peer:
        """A peer for one talk, with a nonce of its own."""
        peer = self._make_peer(tls)
        self.nonces.append(peer.nonce.hex())
        return peer

    def ask(
        self,
        module: Module,
        tls: bool,
        *,
        kept: bool = False,
        unread: bytes = b"",
        wait: float | None = None,
        brisk: bool = False,
        pause: float = 0.0,
        place: str = "",
    ) -> Job:
        """A probe's talk. `wait` is for its first answer; `brisk` makes that as short as the round trip allows."""
        self.made.add((module.file, tls))
        first = self._brisk if brisk else None if wait is None else _at_least(wait)
        return Job(
            module.file,
            module.talk(self.peer(tls)),
            tls,
            offers=self._offers(module),
            wait=self.usual,
            first=first,
            capped=brisk,
            quiet=pause,
            seconds=self._settings.talk,
            kept=kept,
            unread=unread,
            place=place,
        )

    def listen(
        self,
        wait: float | None = None,
        *,
        tls: bool = False,
        place: str = "",
        keep: bool = False,
        kept: bool = False,
    ) -> Job:
        """Hear what comes; for so many seconds, or for the short grace that servers get before we speak."""
        return Job(
            "listen",
            talks.listen(),
            tls,
            offers=self._all_offers(),
            wait=grace if wait is None else lambda _rtt: wait,
            shake=self.usual,
            quiet=QUIET,
            seconds=self._settings.talk + (wait or 0),
            kept=kept,
            keep=keep,
            place=place,
        )

    def tls(self, wait: float, *, place: str = "") -> Job:
        """A handshake that names what it can, and leaves the connection for what is to be said inside."""
        seconds, offers = self._settings.talk, self._all_offers()
        return Job("tls", talks.nothing(), True, offers, _at_least(wait), keep=True, seconds=seconds, place=place)

    def h2(self) -> Job:
        """A handshake that offers HTTP/2, which no talk would speak afterwards unless it says so."""
        return Job("alpn", talks.nothing(), True, BOTH, self.usual)

    def versions(self, known: Collection[str] = ()) -> list[Job]:
        """A hello for each version of TLS that is not known to be accepted."""
        from hb_engine.identify import versions  # only where TLS was met

        names = [name for name in versions.VERSIONS if name not in known]
        return [Job(f"version {name}", versions.talk(self.peer(False), name), wait=self.usual) for name in names]

    def parrot(self, tls: bool) -> tuple[Job, bytes]:
        """A line that nobody else would say, and that line."""
        peer = self.peer(tls)
        return Job("parrot", talks.parrot(peer), tls, wait=self._brisk, shake=self.usual), talks.parrot_line(peer)

    def usual(self, rtt: float) -> float:
        """Seconds for an answer that is expected."""
        return max(self._settings.wait, 4 * rtt)

    def _brisk(self, rtt: float) -> float:
        return min(max(8 * rtt + 0.2, 0.25), self._settings.wait)

    def _offers(self, module: Module) -> tuple[tuple[str, ...], ...]:
        """HTTP/1.1 is spoken by talks that name it, whatever else they stand for: h2 would be another language."""
        own = module.probe.alpn
        return (("http/1.1",), ()) if "http/1.1" in own else (own, ()) if own else ((),)

    def _all_offers(self) -> tuple[tuple[str, ...], ...]:
        every = tuple([name for name in self._library.alpn if name != "h2"])
        return (every, ("h2", *every), ())


def _at_least(seconds: float) -> Callable[[float], float]:
    return lambda rtt: max(seconds, 4 * rtt)
