"""Decisions, plans and prunings made by hand, for what hb explain, hb plan and hb prune show. No I/O, no clock."""

from __future__ import annotations

from tests.faces import kit
from tests.faces.kit import DAY, NOW

from hb_engine.app.changing.prune import Pruned
from hb_engine.app.ruling.explain import Explained, Explanation
from hb_engine.app.ruling.plan import Change, Plan
from hb_engine.baseline.deciding.decide import Decider
from hb_engine.model.baseline import Baseline, Is, Listen, Rule, Where
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.record import replace
from hb_engine.model.report import Report, Verdict

HTTPS = Rule(
    "require", "web-https", (Listen("tcp", 443, 443, text="tcp/443 on public"),), Is("unit", "nginx.service"),
    why="Shop front end", owner="team-web", review=int(NOW) // 86400 * 86400 + 90 * 86400, role="",
    where=Where("hb.d/web.toml", 3, 1), by_text="unit:nginx.service", accepts=("clear-text",),
)  # fmt: skip
CACHE = Rule(
    "allow", "cache", (Listen("tcp", 6379, 6379, scope="private", text="tcp/6379 on private"),),
    Is("unit", "redis-server.service"), why="Sessions", owner="dba", where=Where("hb.d/db.toml", 12, 1),
    by_text="unit:redis-server.service",
)  # fmt: skip
OLD = Rule(
    "allow", "old", (Listen("tcp", 6379, 6379, text="tcp/6379"),), owner="alice", why="Debugging",
    until=int(NOW) - 3 * 86400, where=Where("hb.d/tmp.toml", 1, 1),
)  # fmt: skip
TELNET = Rule(
    "forbid", "no-telnet", (Listen("tcp", 23, 23, text="tcp/23"),), why="Clear text", owner="security",
    severity="critical", where=Where("hb.d/never.toml", 7, 1),
)  # fmt: skip
OTHERS = Rule("allow", "other", (Listen("tcp", 1, 1, text="tcp/1"),), host="web-99", where=Where("hb.d/x.toml", 1, 1))
BASELINE = Baseline((HTTPS, CACHE, OLD, TELNET, OTHERS))
DECIDER = Decider(BASELINE, kit.HOST, NOW)


def report(*verdicts):
    return Report(kit.HOST, NOW, kit.ROOT, verdicts, 11, 5, 4, "hb.d")


def verdict(seen, kind, reason, rule="cache", *, state="drift", severity="high"):
    return Verdict(kind, state, severity, seen.key if seen else "tcp/public/443", reason, "web-17", seen, rule)


WIDENED = verdict(kit.REDIS, "widened", "reaches public; cache allows private")
GONE = verdict(None, "gone", "tcp/443 on public is required, and it is not there", "web-https")


def explained(seen, *verdicts, answer=None, decider=DECIDER):
    return Explained(decider.explain(seen, answer), answer, verdicts)


def closed(port, transport="tcp"):
    nobody = Unowned("not-found", "nothing is open here")
    return DECIDER.explain(
        Opening("listener", transport, port, ("::",), ("ipv4", "ipv6"), "public", Netns(0), unowned=nobody)
    )


def explanation(query, *found, **more):
    given = {"roles": (), "coverage": kit.ROOT, **more}
    return Explanation(query, report(), explained=found, **given)


EXPLANATIONS = {
    "expected": explanation("443", explained(kit.HTTPS), roles=("web", "linux")),
    "widened": explanation("tcp/6379", explained(kit.REDIS, WIDENED)),
    "unmatched": explanation("1703", explained(kit.BACKDOOR, verdict(kit.BACKDOOR, "new", "no rule is about it", ""))),
    "closed": explanation("tcp/23", closed=(closed(23),)),
    "missing": explanation("tcp/443", closed=(closed(443),), missing=(GONE,), coverage=kit.NOBODY),
}


def change(host, effect, seen=None, rule=CACHE, *, before=None, after=None):
    old, new = Decider(before or Baseline(), Host(host, ""), NOW), Decider(after or BASELINE, Host(host, ""), NOW)
    if seen is None:
        return Change(host, effect, rule=rule)
    return Change(host, effect, old.decide(seen), new.decide(seen), rule)


def plan(*changes, **more):
    hosts = {one.host for one in changes}
    given = {"hosts": len(hosts) or 1, "openings": 60 * (len(hosts) or 1), "rules": (4, 5), **more}
    return Plan("hb.d", "hb.d of HEAD", changes, **given)


GOOD = [change(f"web-{number}", "expected", kit.HTTPS, HTTPS) for number in range(1, 13)]
BAD = [change("web-3", "violation", kit.REDIS), change("web-3", "gone", rule=HTTPS)]
MANY = [
    change("web-1", "violation", replace(kit.REDIS, port=6000 + number), CACHE) for number in range(9)
]  # a rule for many ports
PLANS = {
    "mixed": plan(*GOOD, *BAD, added=("web-https", "cache"), changed=("old",)),
    "good": plan(*GOOD[:2], added=("web-https",)),
    "nothing": plan(changed=("old",)),
    "same": plan(),
    "other": plan(
        change("web-1", "other", kit.REDIS, OLD), change("web-1", "required", rule=HTTPS), removed=("a", "b")
    ),
    "many": plan(*MANY),
}


def pruned(*rules, begins=200 * DAY, **more):
    given = {"of": 23, "days": 90, "since": NOW - min(begins, 90 * DAY), "begins": NOW - begins, "now": NOW}
    return Pruned("hb.d", rules, **{**given, "looks": 2160, "hosts": ("web-17",), **more})


PRUNED = {
    "some": pruned(CACHE, OLD),
    "none": pruned(),
    "short": pruned(CACHE, begins=3 * DAY, looks=72, hosts=tuple([f"web-{number}" for number in range(9)])),
}
