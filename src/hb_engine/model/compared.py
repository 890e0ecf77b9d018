"""One port seen from both sides: what listens inside a machine, and what answers from outside.

A gap between the two is a finding of neither side alone: a firewall that drops, a redirect that no socket shows, a
listener that hides. It refuses to name a culprit: the sentence says what was seen where.
"""

from __future__ import annotations

from hb_engine.model.record import record

# What the two sides come to, the worst first.
WORDS = (
    "no-listener",  # answers from outside, and nothing that was seen listens inside
    "other-service",  # both are there, and what speaks outside is not what listens inside
    "filtered",  # listens inside, filtered on the way
    "closed-outside",  # listens inside, and outside it is closed
    "not-known",  # one of the sides could not tell
    "agreed",  # listens inside, answers outside
)


@record
class Compared:
    """One port of one address. `inside` and `outside` are words for people: nginx (pid 900); open, http.

    `word` is one of WORDS; `sentence` says what the difference is, and is empty where there is none.
    """

    transport: str
    port: int
    inside: str = ""
    outside: str = ""
    word: str = "agreed"
    sentence: str = ""
    address: str = ""
