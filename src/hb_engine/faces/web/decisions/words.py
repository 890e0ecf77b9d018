"""Words of the pages about decisions, each a message that is said in the language of the page.

Kinds, states and outcomes are words for programs; here is what a person reads in their place. Whatever is not known
here is shown as it is: a new word must not make a page fail, and must not be hidden.
"""

from __future__ import annotations

from hb_engine.faces.web.language import mark

# What each kind of drift means, in a sentence.
MEANINGS = {
    "new": mark("It is open, and no rule of the baseline is about it."),
    "gone": mark("A rule requires it, it would have been seen, and it is not there."),
    "widened": mark("It is allowed, and reaches more of the network than its rule or its past allows."),
    "owner-changed": mark("The port is allowed to one owner, and another one holds it."),
    "speaks-else": mark("Another protocol answers there than its rule expects."),
    "weakened": mark("It answers with an older TLS, another certificate or another version than its rule wants."),
    "expired": mark("It was allowed until a day that has passed."),
    "hidden": mark("The kernel holds the port, and its own lists do not show it."),
    "forbidden": mark("A rule forbids it."),
    "out-of-window": mark("The rule that allows it holds at other times only."),
    "pinned-changed": mark("A fact that its rule pins is another than was observed."),
    "suspicious": mark("A rule covers it, and the evidence is of a kind that no rule covers by itself."),
}
# What a person does about it, besides deciding.
REMEDIES = {
    "new": mark("Find out why it is open; close it, or have somebody decide for it."),
    "gone": mark("Start what serves it, or take the rule back."),
    "widened": mark("Bind it to a narrower address, or allow it to reach so far."),
    "owner-changed": mark("Find out who took the port and why, before anything else."),
    "speaks-else": mark("Ask it yourself, and find out who changed it."),
    "weakened": mark("Repair its configuration, or have the rule changed."),
    "expired": mark("Close it, or have its owner decide again."),
    "hidden": mark("Treat the machine as taken over until this is explained."),
    "forbidden": mark("Close it; only a change of the rule that forbids it could allow it."),
    "out-of-window": mark("Close it until then, or change its window."),
    "pinned-changed": mark("Check the change; then have it observed again with hb learn."),
    "suspicious": mark("Look at the evidence; a rule may accept a finding by its name."),
}
STATES = {
    "drift": mark("drift"),
    "debt": mark("never reviewed"),
}
MARKS = {"critical": "alarm", "high": "alarm", "medium": "look", "low": "look", "info": "note", "none": "note"}
DECISIONS = {
    "allow": mark("Allow"),
    "temporary": mark("Allow for some time"),
    "forbid": mark("Forbid"),
}
DECISIONS_MEAN = {
    "allow": mark("It may be open, held by this owner and reaching this far. Anything else stays drift."),
    "temporary": mark("The same until a day; from then on it is drift again, by itself."),
    "forbid": mark("Nobody may hold it open, whoever it is. No rule that allows can overrule that."),
}
# Mistakes in the form, by their codes (app/hub/wishes.py).
WRONG = {
    "decision": mark("Choose one of the three."),
    "why": mark("Say what it is needed for: whoever reviews it asks that first."),
    "owner": mark("Say who answers for it: a team, or a person."),
    "until": mark("Say until which day, or for how many days."),
    "until-twice": mark("Say a day or a number of days, not both."),
    "day": mark("This is no day. Write it as 2027-06-30."),
    "past": mark("This day is past; say one to come."),
    "days": mark("Write a number of days, from 1 on."),
    "only": mark("The baseline has no such role, and there is no such machine. Choose from the list."),
    "scope": mark("Choose from the list."),
    "file": mark("This is no name of a file of rules: letters, digits and hyphens, such as web.toml."),
    "accepts": mark(
        "A finding stays an alarm until it is accepted by name. Accept it only if you know it to be right."
    ),
}
# The baseline's word on an opening (model/decision.py).
WORDS = {
    "expected": mark("expected"),
    "forbidden": mark("forbidden"),
    "widened": mark("reaches further"),
    "owner-changed": mark("another owner"),
    "speaks-else": mark("speaks something else"),
    "weakened": mark("weaker than agreed"),
    "expired": mark("rule has ended"),
    "out-of-window": mark("outside its hours"),
    "unseen": mark("not checked"),
    "unmatched": mark("no rule"),
}
# What changed between showing a card and deciding on it (app/hub/deciding.py).
CHANGED = {
    "gone": mark("It is not open any more."),
    "opening": mark("It is not as it was shown: who holds it, or how far it reaches, has changed."),
    "decided": mark("Somebody has decided it meanwhile."),
    "draft": mark("The rules have changed meanwhile, and with them what would be written."),
    "machine": mark("Nobody looks at that machine any more."),
}
ATTEMPTS = {
    "written": mark("written"),
    "failed": mark("failed"),
    "refused": mark("refused"),
    "there": mark("begun, outcome unknown: the rule is in its file"),
    "not-there": mark("begun, outcome unknown: the rule is not in its file"),
    "unknown": mark("begun, outcome unknown: look at the file"),
    "undone": mark("taken back since"),
}
ATTEMPT_MARKS = {
    "written": "ok", "failed": "alarm", "refused": "look", "there": "look", "not-there": "look", "unknown": "alarm",
    "undone": "note",
}  # fmt: skip
ACTS = {"decide": mark("decision"), "undo": mark("taking back")}
KINDS = {
    "allow": mark("allow"),
    "forbid": mark("forbid"),
    "require": mark("require"),
    "temporary": mark("allow for some time"),
}
BROKEN = {
    "torn": mark("Line %(line)s was not written whole."),
    "no-entry": mark("Line %(line)s is no entry of this log."),
    "chain": mark("Line %(line)s does not follow from the one before it: one was changed, taken out or put in."),
    "number": mark("Line %(line)s has another number than the one that follows."),
}
