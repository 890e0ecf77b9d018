"""Words of the pages about machines, each a message that is said in the language of the page.

Scopes, verdicts and states are words for programs; here is what a person reads in their place. Whatever is not known
here is shown as it is: a new word must not make a page fail, and must not be hidden.
"""

from __future__ import annotations

from hb_engine.faces.web.language import Language, mark

SCOPES = {
    "loopback": mark("this machine"),
    "link": mark("this link"),
    "private": mark("private net"),
    "public": mark("everyone"),
}
# What happened, as drift tells it (model/report.py).
KINDS = {
    "new": mark("new, no rule"),
    "gone": mark("missing"),
    "widened": mark("reaches further"),
    "owner-changed": mark("another owner"),
    "speaks-else": mark("speaks something else"),
    "weakened": mark("weaker than agreed"),
    "expired": mark("rule has ended"),
    "hidden": mark("hides"),
    "forbidden": mark("forbidden"),
    "out-of-window": mark("outside its hours"),
    "pinned-changed": mark("pinned fact changed"),
    "suspicious": mark("suspicious"),
    "changed": mark("a fact has changed"),
    "vanished": mark("not there any more"),
    "review-due": mark("review is due"),
    "learning": mark("still learning"),
    "foreign-lock": mark("hb.lock is another machine's"),
    "unsafe-baseline": mark("others may write the rules"),
    "not-seen": mark("could not be seen"),
}
# How an opening stands to the baseline: rows.STATES.
STATES = {
    "drift": mark("drift"),
    "unseen": mark("not checked"),
    "debt": mark("never reviewed"),
    "muted": mark("muted"),
    "expected": mark("expected"),
    "note": mark("no rule"),
    "": mark("no baseline"),
}
MARKS = {
    "alarm": mark("look at this first"),
    "look": mark("worth a look"),
    "ok": mark("nothing odd"),
    "unseen": mark("owner not seen"),
    "note": mark("no rule"),
}
SEVERITIES = {
    "none": mark("none"),
    "info": mark("info"),
    "low": mark("low"),
    "medium": mark("medium"),
    "high": mark("high"),
    "critical": mark("critical"),
}
CHANGES = {
    "opened": mark("opened"),
    "closed": mark("closed"),
    "widened": mark("reaches further"),
    "narrowed": mark("reaches less far"),
    "owner": mark("another owner"),
    "facts": mark("another fact"),
}
UNOWNED = {
    "kernel": mark("the kernel"),
    "outside-pid-namespace": mark("a process outside this pid namespace"),
    "not-permitted": mark("a process that hb may not read"),
    "in-flight": mark("a socket on its way between two processes"),
    "vanished": mark("a process that ended while it was looked at"),
    "not-found": mark("no process was found"),
    "untold": mark("a process that the file does not name"),
}


ANSWERED = {  # states of a port from outside, nmap's words
    "open": mark("open"),
    "closed": mark("closed"),
    "filtered": mark("filtered"),
    "open|filtered": mark("open or filtered"),
    "closed|filtered": mark("closed or filtered"),
    "unreachable": mark("unreachable"),
}


def said(language: Language, words: dict[str, str], word: str) -> str:
    """A word in the language; one that is not known as it is."""
    return language.say(words[word]) if word in words else word
