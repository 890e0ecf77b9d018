"""Second opinions: what a user's own copy of nmap-service-probes or of Recog says of the answers that hb heard.

Off unless a person names such a file. hb asks nothing more for them: they are held against answers that are there
anyway, after all asking is done, each pattern with an end in time (patience.py). They stand beside hb's identity as
notes, and never change it. Nothing of these databases comes with hb.

    opinions = load(nmap_probes="/usr/share/nmap/nmap-service-probes", recog=None)
    opinions.of((("listen", b"SSH-2.0-OpenSSH_9.2p1\\r\\n"),), None, "tcp")
"""

from __future__ import annotations

import os

from hb_engine.identify.opinions.opinion import Asked, Opinion, sentence
from hb_engine.identify.opinions.patience import SECONDS, Patience
from hb_engine.model.errors import CannotLook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.opinions.nmap_opinion import NmapOpinion
    from hb_engine.identify.opinions.recog_opinion import RecogOpinion
    from hb_engine.model.identity import Identity

    Heard = tuple[tuple[str, bytes], ...]

__all__ = ["Asked", "Opinion", "Opinions", "load", "sentence"]

NMAP_FILE = "nmap-service-probes"
WHAT = "a copy of nmap-service-probes, such as /usr/share/nmap/nmap-service-probes"
WORN_OUT = "second opinion: too many patterns came to no end; none is tried any more"


class Opinions:
    """The databases that were loaded. close() ends the process that tries their patterns; asking begins it again."""

    def __init__(self, nmap: NmapOpinion | None, recog: RecogOpinion | None, patience: Patience) -> None:
        self.nmap, self.recog, self.patience = nmap, recog, patience

    def of(self, heard: Heard, identity: Identity | None, transport: str) -> tuple[Opinion, ...]:
        """What the databases say of a port's answers (label, bytes). Raises CannotLook."""
        return self.asked(heard, identity, transport).opinions

    def asked(self, heard: Heard, identity: Identity | None, transport: str) -> Asked:
        """The same, with what could not be held against the answers. Raises CannotLook."""
        name = identity.name if identity else ""
        parts = [self.nmap.asked(heard, name, transport)] if self.nmap else []
        parts += [self.recog.asked(heard, identity)] if self.recog else []
        left_out = [WORN_OUT] if self.patience.worn_out else [one for part in parts for one in part.left_out]
        return Asked(tuple([one for part in parts for one in part.opinions]), tuple(left_out))

    def notes(self, heard: Heard, identity: Identity | None, transport: str) -> tuple[str, ...]:
        """The same in sentences, for a person to read beside hb's own identity; and why there are none."""
        try:
            asked = self.asked(heard, identity, transport)
        except CannotLook as error:  # what hb found itself is worth as much without
            return (f"second opinion: {error.message}",)
        name = identity.name if identity else ""
        return (*[sentence(opinion, name) for opinion in asked.opinions], *asked.left_out)

    def close(self) -> None:
        """Let go of the process that tries patterns."""
        self.patience.close()


def load(nmap_probes: str | None = None, recog: str | None = None, *, seconds: float = SECONDS) -> Opinions:
    """Read the databases that a person named; each pattern is tried for at most so many seconds.

    Raises BadInput for a file that cannot be read, DataError with the line for one that is no such database.
    """
    from hb_engine.identify.opinions import nmap_opinion, reading, recog_opinion
    from hb_engine.identify.opinions import nmap_probes as probes
    from hb_engine.identify.opinions import recog as fingerprints

    patience, first, second = Patience(seconds), None, None
    if nmap_probes is not None:
        path = os.path.join(nmap_probes, NMAP_FILE) if os.path.isdir(nmap_probes) else nmap_probes
        book = probes.parse(reading.one(path, WHAT), path)
        first = nmap_opinion.NmapOpinion(book, patience)
    if recog is not None:
        second = recog_opinion.RecogOpinion(fingerprints.load(recog), patience)
    return Opinions(first, second, patience)
