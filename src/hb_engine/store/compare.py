"""A look held against the spans that are open: what goes on, what closed, what opened, and what that means to a person.

    the same key            goes on; a fact may have changed
    the same place, and     goes on: one look knows less of the holder than the other (model/coverage.py), which is
    perhaps the same holder no change; the better known of the two is kept, under the better known key
    the same holder, and    widened or narrowed
    another scope
    the same place          the owner changed
    no more of it           closed, if this look would have shown it; else nobody knows, and it stays
    nothing like it         opened

Every store keeps history by this one function, and decides only how to keep it. Nothing here knows a clock or a file.
"""

from __future__ import annotations

from hb_engine.model.coverage import knowledge, same_holder, would_show
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.history import Change
from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.store import payload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.model.inventory import Inventory

NAMED = 3  # knowledge of a holder from which on two looks are compared fact by fact
DEEDS = ("keep", "learn", "facts", "close", "open")


@record
class Held:
    """A span that is open, as a store has it."""

    id: int
    key: str
    openings: tuple[Opening, ...]


@record
class Step:
    """What is to be done with a span: one of DEEDS.

    keep: it was seen. learn: seen, and `openings` are known better, or have other processes. facts: seen, with other
    facts. close: it is gone. open: a new one, as old as the span `like` where that is not 0. A `key` that is not the
    span's own is its new one (learn), or another under which it was seen (keep). `before` is the look before.
    """

    deed: str
    span: int
    key: str
    openings: tuple[Opening, ...] = ()
    like: int = 0
    before: float | None = None


def compare(
    held: Iterable[Held], seen: Inventory, last: float | None, before: Callable[[Opening], float | None]
) -> tuple[tuple[Step, ...], tuple[Change, ...]]:
    """The steps that a look makes necessary, and the changes it shows. `last` is the look before, None for none.

    `before` tells the last look that would have shown an opening, None where there was none: what nobody could see
    before is no change.
    """
    work = _Comparison(held, seen, last, before)
    work.same_keys()
    work.same_places()
    work.other_scopes()
    work.other_owners()
    work.rest()
    return tuple(work.steps), tuple(work.changes)


class _Comparison:
    def __init__(
        self,
        held: Iterable[Held],
        seen: Inventory,
        last: float | None,
        before: Callable[[Opening], float | None],
    ) -> None:
        self.seen, self.last, self.before = seen, last, before
        self.held = {span.key: span for span in sorted(held, key=lambda span: span.key)}
        self.left = dict(self.held)  # spans that nothing of this look was found for
        self.fresh = payload.grouped(seen.openings)  # openings that no span was found for
        self.split: set[str] = set()  # keys of spans that turn out to be several, once they are known better
        self.steps: list[Step] = []
        self.changes: list[Change] = []

    def same_keys(self) -> None:
        """What is there under its own key goes on."""
        for key in [key for key in self.fresh if key in self.held]:
            self._go_on(self.left.pop(key), self.fresh.pop(key))

    def same_places(self) -> None:
        """What one of the two looks knows less of goes on too."""
        for key, openings in list(self.fresh.items()):
            alike = [span for span in self.held.values() if self._may_be(span, openings)]
            if not alike:
                continue
            del self.fresh[key]
            if payload.known(openings) <= max([payload.known(span.openings) for span in alike]):
                for span in alike:
                    self._seen_as(span, key)
                continue
            span = next((span for span in alike if span.key in self.left), alike[0])
            if span.key in self.left:
                del self.left[span.key]
                self.split.add(span.key)
                self.steps.append(Step("learn", span.id, key, openings))
            else:
                self._open(key, openings, like=span.id)

    def other_scopes(self) -> None:
        """The same holder on the same port with another reach."""
        for key, openings in list(self.fresh.items()):
            old = self._partner(openings, lambda a, b: a.scope != b.scope and same_holder(a, b))
            old = old or self._narrower_one_that_stays(openings)
            if old is None:
                continue
            del self.fresh[key]
            wider = SCOPES.index(openings[0].scope) > SCOPES.index(old.openings[0].scope)
            self._replaced(old, key, openings, "widened" if wider else "narrowed")

    def other_owners(self) -> None:
        """Another holder of the same port."""
        for key, openings in list(self.fresh.items()):
            old = None if openings[0].ephemeral else self._partner(openings, lambda _a, _b: True)
            if old is not None:
                del self.fresh[key]
                self._replaced(old, key, openings, "owner")

    def rest(self) -> None:
        """What is only here, and what is only there."""
        for key, openings in self.fresh.items():
            since = self._open(key, openings)
            if since is not None:
                self.changes.append(Change(self.seen.taken_at, "opened", openings[0], None, since))
        for span in self.left.values():
            if self._is_gone(span):
                self.steps.append(Step("close", span.id, span.key))
                self.changes.append(Change(self.seen.taken_at, "closed", span.openings[0], None, self.last))

    # -- steps

    def _go_on(self, span: Held, openings: tuple[Opening, ...]) -> None:
        was, now = payload.known(span.openings), payload.known(openings)
        if min(was, NAMED) > now or span.openings == openings:
            self.steps.append(Step("keep", span.id, span.key))
        elif min(now, NAMED) == min(was, NAMED) and payload.differ(span.openings, openings):
            self.steps.append(Step("facts", span.id, span.key, openings))
            self.changes.append(Change(self.seen.taken_at, "facts", openings[0], span.openings[0], self.last))
        else:
            better = now > was or (now == was and payload.holders(span.openings) != payload.holders(openings))
            self.steps.append(Step("learn" if better else "keep", span.id, span.key, openings if better else ()))

    def _seen_as(self, span: Held, key: str) -> None:
        self.left.pop(span.key, None)
        self.steps.append(Step("keep", span.id, key))

    def _open(self, key: str, openings: tuple[Opening, ...], like: int = 0) -> float | None:
        before = None if like or self.last is None else self.before(openings[0])
        self.steps.append(Step("open", 0, key, openings, like, before))
        return before

    def _replaced(self, old: Held, key: str, openings: tuple[Opening, ...], kind: str) -> None:
        if self.left.pop(old.key, None):
            self.steps.append(Step("close", old.id, old.key))
        self._open(key, openings)
        self.changes.append(Change(self.seen.taken_at, kind, openings[0], old.openings[0], self.last))

    # -- who is like whom

    def _may_be(self, span: Held, openings: tuple[Opening, ...]) -> bool:
        """Whether a span at the same place and scope may be these openings, under a name that tells less or more."""
        one, other = span.openings[0], openings[0]
        if _place(one) != _place(other) or one.scope != other.scope or not same_holder(one, other):
            return False
        return span.key in self.left or span.key in self.split or knowledge(other) < knowledge(one)

    def _partner(self, openings: tuple[Opening, ...], fits: Callable[[Opening, Opening], bool]) -> Held | None:
        """A span at the same place that is gone, and fits."""
        for span in self.left.values():
            one = span.openings[0]
            if _place(one) == _place(openings[0]) and fits(one, openings[0]) and self._is_gone(span):
                return span
        return None

    def _narrower_one_that_stays(self, openings: tuple[Opening, ...]) -> Held | None:
        """A second, wider socket of one holder widens its exposure, though the first stays."""
        now = openings[0]
        alike = [
            span
            for key, span in self.held.items()
            if key not in self.left
            and _place(span.openings[0]) == _place(now)
            and span.openings[0].identity == now.identity
        ]
        reach = SCOPES.index(now.scope)
        if now.ephemeral or not alike or any(SCOPES.index(span.openings[0].scope) >= reach for span in alike):
            return None
        return max(alike, key=lambda span: SCOPES.index(span.openings[0].scope))

    def _is_gone(self, span: Held) -> bool:
        return all(would_show(self.seen.coverage, one) for one in span.openings)


def _place(one: Opening) -> tuple[object, ...]:
    """Where something is, whoever holds it and however far it reaches."""
    if one.ephemeral:
        return (one.transport, "ephemeral", one.netns.kind)
    if one.port is not None:
        return (one.transport, one.port, one.netns.kind)
    return (one.transport, one.protocol, one.interface, one.netns.kind)
