"""SpamAssassin, spamd(8p)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SPAMD = Listen(783, ("spamassassin", "spamd"), product="SpamAssassin")
SERVER = Server(packages=("spamd", "spamassassin"), listens=(SPAMD, SPAMD.also(40783)), patience=120)


def start(place: Place) -> None:
    """With one rule of our own."""
    rules = place.write("rules/own.cf", "body OWN_RULE /testbed/\nscore OWN_RULE 1\n")
    listen = ["-i", "0.0.0.0:783", "-i", "0.0.0.0:40783", "-A", "0.0.0.0/0"]
    folder = rules.rpartition("/")[0]
    place.spawn("spamd", *listen, "-L", "-x", "-u", "nobody", "-s", "stderr", "-m", "2", "-C", folder)
