"""A review on a terminal: cards are shown, keys decide, and a decision is written once it is confirmed.

Leaving at any point (q, Ctrl-C, Ctrl-D, a closed terminal) leaves what was confirmed and nothing else. It refuses to
know terminals beyond clearing them, and rules beyond asking the session.
"""

from __future__ import annotations

import time

from hb_engine.baseline import accepting
from hb_engine.baseline.accepting import Wish
from hb_engine.faces.cli.keys import END, ENTER, ESCAPE, RESIZED
from hb_engine.faces.document import Document, Paragraph, line
from hb_engine.faces.stories import card as story
from hb_engine.faces.text import escape
from hb_engine.model.errors import BadInput, HbError
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from hb_engine.app.changing.accept import Edit
    from hb_engine.app.changing.review import Card, Session
    from hb_engine.faces.cli.output import Output

    class Keyboard(Protocol):
        """What keys come from."""

        def key(self) -> str:
            """The next key."""

        def line(self, show: Callable[[str], None], text: str = "") -> str | None:
            """A line that is typed; None where it was given up."""


CLEAR = "\x1b[H\x1b[2J\x1b[3J"
LINE = "\r\x1b[K"
USUAL = "8h"
QUIT, NEXT, STAY = "quit", "next", "stay"


class Review:
    """One session at one terminal. `owner` is who decides, as far as that is known before anybody is asked."""

    def __init__(
        self,
        session: Session,
        keys: Keyboard,
        output: Output,
        owner: str = "",
        *,
        clear: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._session, self._keys, self._output, self._clock = session, keys, output, clock
        self._why, self._owner, self._length = "", owner, USUAL
        self._agreed = False  # whether somebody said who answers
        self._clear = clear
        self._at = 0
        self._skipped: set[str] = set()
        self._below: Document = story.menu()

    @property
    def skipped(self) -> int:
        """Cards that were skipped."""
        return len(self._skipped)

    @property
    def left(self) -> int:
        """Cards that were not reached."""
        return len(self._session.cards) - self._at

    def run(self) -> None:
        """Show cards until all were shown or somebody leaves."""
        while self._at < len(self._session.cards):
            if self._card(self._session.cards[self._at]) == QUIT:
                return

    def _card(self, card: Card) -> str:
        """One card, until it was decided or skipped."""
        self._below = story.menu()
        while True:
            self._draw(card, self._below)
            key = self._keys.key()
            if key in ("q", "Q", END):
                return QUIT
            done = self._pressed(key, card)
            if done == NEXT:
                self._at += 1
            if done != STAY:
                return done

    def _pressed(self, key: str, card: Card) -> str:
        if key in ("s", "n", " ", "right"):
            self._skipped.add(card.key)
            return NEXT
        if key == "u":
            return self._undo()
        if key == "e":
            return self._explain(card)
        if key in ("a", "t", "f"):
            return self._decide(card, "forbid" if key == "f" else "allow", temporary=key == "t")
        if key not in (RESIZED, ENTER, ESCAPE):
            self._below = story.menu()
        return STAY

    def _decide(self, card: Card, kind: str, *, temporary: bool) -> str:
        """Ask, draft, show, confirm, write. Whatever is not confirmed goes back to the card."""
        try:
            wish = self._wish(card, kind, temporary=temporary)
            if wish is None:
                self._below = story.menu()
                return STAY
            edit = self._confirmed(card, wish)
            if edit is None:
                self._below = story.menu()
                return STAY
            self._session.write(card, edit)
            self._skipped.discard(card.key)
        except HbError as error:
            self._below = story.refused(error.message, error.remedy)
            return STAY
        return NEXT

    def _wish(self, card: Card, kind: str, *, temporary: bool) -> Wish | None:
        until = None
        accepting.refuse(card.opening, Wish("", "", kind), self._session.lasting, ())
        if temporary:
            length = self._asked(card, "for how long", self._length)
            if length is None:
                return None
            until = accepting.end_of(length, "", self._clock())
            self._length = length
        why = self._asked(card, "why", self._why)
        owner = self._who(card) if why and not self._agreed else self._owner
        if why is None or owner is None:
            return None
        if not why or not owner:
            raise BadInput("a rule says what it is needed for and who answers for it", "Nothing was written.")
        self._why = why
        return Wish(why, owner, kind, until)

    def _who(self, card: Card) -> str | None:
        """Who answers for it: asked once, and then only of who wants to say another."""
        owner = self._asked(card, "who answers for it", self._owner)
        if owner:
            self._owner, self._agreed = owner, True
        return owner

    def _asked(self, card: Card, question: str, offered: str) -> str | None:
        """A line typed below the card, with what was said last to begin with."""
        self._draw(card, Document((Paragraph(line("")),)))

        def show(text: str) -> None:
            room = max(self._output.width() - len(question) - 4, 10)
            self._output.write(f"{LINE}{question}: {escape(text)[-room:]}")

        found = self._keys.line(show, offered)
        self._output.write("\n")
        return found

    def _confirmed(self, card: Card, wish: Wish) -> Edit | None:
        """The edit that a wish makes, once it is shown and confirmed."""
        while True:
            edit = self._session.draft(card, wish)
            self._draw(card, story.proposal(self._session.text(edit), "writes it"))
            key = self._keys.key()
            if key == ENTER:
                return edit
            if key == END:
                raise KeyboardInterrupt
            if key == "o":
                wish = replace(wish, owner=self._who(card) or wish.owner)
            elif key != RESIZED:
                return None

    def _undo(self) -> str:
        try:
            card = self._session.undo()
        except HbError as error:
            self._below = story.refused(error.message, error.remedy)
            return STAY
        if card is None:
            self._below = story.said("There is nothing to undo.")
            return STAY
        self._at = self._session.cards.index(card)
        return "again"

    def _explain(self, card: Card) -> str:
        """The whole decision, in the place of the card until a key is pressed."""
        from hb_engine.faces.stories import explain, opening  # only when asked

        self._wipe()
        self._output.show(Document(tuple(opening.tell(card.opening, None, {}, self._output.now))))
        self._output.write("\n")
        self._output.show(explain.tell(self._session.explain(card)))
        self._output.write("\nany key goes back")
        while (key := self._keys.key()) == RESIZED:
            continue
        self._output.write("\n")
        return QUIT if key == END else STAY

    def _draw(self, card: Card, below: Document) -> None:
        self._wipe()
        at, count, written = self._at + 1, len(self._session.cards), len(self._session.decided)

        def build(rows: int | None) -> Document:
            room = None if rows is None else rows - len(below.blocks)
            top = story.tell(card, at, count, written, self._output.now, rows=room)
            return Document((*top.blocks, *below.blocks))

        self._output.show_fitting(build)

    def _wipe(self) -> None:
        self._output.write(CLEAR if self._clear else "\n")
