"""What every parser of the language promises of the mistakes that it tells: a place inside, a message, a remedy."""

from __future__ import annotations

from hb_engine.baseline.language.nodes import Mistake


def mistake(function, *words):
    """The mistake that a parser raises for some words; None where it reads them."""
    try:
        function(*words)
    except Mistake as found:
        return found
    return None


def is_told_well(function, text):
    """Whether a text is read, or refused with a place inside of it, a message and a remedy."""
    found = mistake(function, text)
    return found is None or (0 <= found.at <= len(text) and bool(found.message) and bool(found.remedy))
