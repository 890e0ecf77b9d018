"""A finding in words: why it is one, on what evidence, and what to type or put back.

A reason is a phrase, in lower case and without a full stop; where the rule stands and who owns it are fields of their
own. Strangers' text passes unescaped: that is the faces' work. It refuses to advise what would make a finding go away
without anybody looking: what is hidden or forbidden is never to be accepted by the next command.
"""

from __future__ import annotations

from hb_engine.baseline.facts import place_of
from hb_engine.judge.kit import ask, quote, who
from hb_engine.model.coverage import may_hide
from hb_engine.wire.dates import DAY, iso, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.judge.comparing import Finding
    from hb_engine.model.baseline import Rule
    from hb_engine.model.inventory import Coverage
    from hb_engine.model.opening import Opening

    Say = Callable[[Finding, float], str]

SCOPES = {"loopback": "this machine", "link": "this link", "private": "private nets", "public": "everyone"}
SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-")
ROOT = "look as root, or give hb CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH"


def reason(finding: Finding, now: float) -> str:
    """Why it is a finding. `now` is seconds since the epoch."""
    return REASONS[finding.kind](finding, now)


def _new(finding: Finding, _: float) -> str:
    if finding.state == "debt":
        return "it was there before anybody decided, and nobody has reviewed it"
    reasons = finding.opening.verdict.reasons if finding.opening.verdict else ()
    told = [each.text.rstrip(".") for each in reasons if each.severity not in ("none", "info")]
    return "; ".join(["no rule is about it", *told])


def _widened(finding: Finding, _: float) -> str:
    opening = finding.opening
    if finding.before is not None and finding.rule is None:
        return f"{SCOPES[finding.before.scope]} \u2192 {SCOPES[opening.scope]} since it was observed"
    return finding.detail or f"it reaches {SCOPES[opening.scope]}, further than its rule allows"


def _owner_changed(finding: Finding, _: float) -> str:
    if finding.changes:
        led = finding.changes[0]
        return f"it led to {quote(led.before)}, and leads to {quote(led.now)} now"
    if finding.before is not None and finding.rule is None:
        return f"{quote(place_of(finding.before.thread)[2])} held it, now {quote(finding.opening.identity)} does"
    return finding.detail or f"{quote(finding.opening.identity)} holds it, and its rule names another"


def _expired(finding: Finding, now: float) -> str:
    until = finding.rule.until if finding.rule else None
    if finding.rule is None or until is None:
        return finding.detail or "the rule that allowed it has ended"
    owner = f", owner {finding.rule.owner}" if finding.rule.owner else ""
    verb = "required" if finding.rule.kind == "require" else "allowed"
    return f"{verb} until {_moment(until)} (expired {_length(now - until)} ago){owner}"


def _forbidden(finding: Finding, _: float) -> str:
    why = finding.rule.why if finding.rule else ""
    return f"forbidden: {quote(why)}" if why else "a rule forbids it"


def _changes(finding: Finding, _: float) -> str:
    told = [each.told for each in finding.changes]
    if finding.kind == "changed" and finding.before and finding.before.scope != finding.opening.scope:
        told.insert(0, f"{SCOPES[finding.before.scope]} \u2192 {SCOPES[finding.opening.scope]}, as its rule allows")
    return "; ".join(told)


def _suspicious(finding: Finding, _: float) -> str:
    return finding.reason.text.rstrip(".") if finding.reason else finding.detail


def _detail(words: str) -> Say:
    return lambda finding, _: finding.detail or words


REASONS: dict[str, Say] = {
    "hidden": lambda *_: "the kernel has it bound, and no list of sockets shows it",
    "forbidden": _forbidden,
    "owner-changed": _owner_changed,
    "widened": _widened,
    "speaks-else": _detail("another service speaks there than its rule wants"),
    "weakened": _detail("what speaks there is weaker than its rule wants"),
    "pinned-changed": _changes,
    "out-of-window": _detail("it is open at a time at which its rule does not hold"),
    "expired": _expired,
    "new": _new,
    "suspicious": _suspicious,
    "changed": _changes,
    "not-seen": _detail("what its rule needs to know could not be seen"),
}


def evidence(finding: Finding) -> tuple[str, ...]:
    """What it rests on: who holds the opening, what its rule says, what was there before, what evidence rules say."""
    opening, rule = finding.opening, finding.rule
    told = [who(opening.owners)] if opening.owners else []
    main = opening.owners[0] if opening.owners else None
    told += [f"runs {quote(main.exe)}"] if main and main.exe else []
    if rule is not None:
        told.append(f"rule: {_said(rule)}")
    if finding.kind == "new" and "; " in finding.detail:  # which rule comes nearest
        told.append(finding.detail)
    if finding.before is not None:
        told.append(f"hb.lock: {finding.before.thread}, {SCOPES[finding.before.scope]}")
    told += (
        [change.told for change in finding.changes]
        if finding.kind not in ("changed", "pinned-changed", "owner-changed")
        else []
    )
    if finding.reason is not None:
        told += finding.reason.evidence
    elif opening.verdict is not None and finding.state == "drift":
        told += [f"{each.rule} ({each.severity}): {each.text}" for each in opening.verdict.reasons]
    return tuple(told)


def _said(rule: Rule) -> str:
    """A rule's own words: tcp/443 on public, by unit:nginx.service."""
    told = [rule.places]
    told += [f"by {rule.by_text}"] if rule.by_text else []
    told += [f"speaks {rule.speaks.text}"] if rule.speaks and rule.speaks.text else []
    return ", ".join(told)


def remedy(finding: Finding, coverage: Coverage | None = None) -> str:
    """What to type next, or what to put back. `coverage` tells what would show more."""
    opening, rule = finding.opening, finding.rule
    where = f" ({rule.where.text})" if rule and rule.where.file else ""
    why, accept = ask(opening), _accept(opening)
    if finding.reason is not None:
        return "; ".join([part for part in (why, finding.reason.remedy) if part])
    if finding.state == "debt":
        return "hb review"
    table = {
        "hidden": f"{why}; keep what shows it before you end it: hb snapshot -o FILE",
        "forbidden": f"{why}; close it, or have its owner change the rule{where}",
        "owner-changed": f"{why}; put back what held it, or, where this is meant, change the rule{where}",
        "widened": f"{why}; bind it as before, or, where this is meant, widen the rule{where}",
        "speaks-else": f"{why}; put back the service, or change the rule{where}",
        "weakened": f"{why}; raise what it offers, or change the rule{where}",
        "pinned-changed": f"{why}; put back what was, or, where this is meant: hb learn --now",
        "out-of-window": f"{why}; close it until then, or change the window",
        "expired": f"close it, or, where it is still needed: {accept} --for 30d",
        "new": f"{why}; close it, or, where it is meant: {accept}",
        "changed": "where this is meant: hb learn --now",
        "not-seen": _to_see(finding, coverage),
    }
    told = table.get(finding.kind, why)
    return told if rule or finding.kind not in ("owner-changed", "widened") else f"{why}; where it is meant: {accept}"


def _to_see(finding: Finding, coverage: Coverage | None) -> str:
    """What would show what could not be seen."""
    pins = finding.rule.pin if finding.rule else ()
    if "hb.lock" in finding.detail:
        return "hb learn --now --identify" if {"certificate", "protocol"}.intersection(pins) else "hb learn --now"
    if finding.opening.owners and finding.rule and (finding.rule.speaks or pins):
        return f"{ask(finding.opening)} asks what speaks there" if finding.rule.speaks else ROOT
    gaps = [gap for gap in coverage.gaps if "owners" in gap.about.split()] if coverage else []
    return gaps[0].remedy if gaps else ROOT


def to_show(coverage: Coverage, opening: Opening) -> str:
    """What would show an opening that a look could not have shown: what its gaps say."""
    if coverage.partial:
        return "this is a part of what is open: look at all of it, hb snapshot -o FILE"
    told = [gap.remedy for gap in coverage.gaps if may_hide(gap.about, opening)]
    return "; ".join(dict.fromkeys(told[:2])) or ROOT


def _accept(opening: Opening) -> str:
    """The command that accepts an opening; by its port where the key would not survive a shell."""
    key = opening.key
    if not all(letter in SAFE for letter in key):
        key = f"{opening.transport}/{opening.port}" if opening.port is not None else opening.transport
    return f"hb accept {key}"


def _moment(seconds: float) -> str:
    """A day where it is a day's first or last second, else with its time."""
    return iso_day(seconds) if seconds % DAY in (0, DAY - 1) else iso(seconds)


def _length(seconds: float) -> str:
    """A length of time, in its largest unit: 3 days."""
    for size, name in ((DAY, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count != 1 else ''}"
    return "less than a minute"
