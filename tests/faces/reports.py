"""Reports made by hand, of the machine of tests/faces/kit.py: what hb check shows, and what it does not."""

from __future__ import annotations

from tests.faces import kit
from tests.faces.kit import NOW

from hb_engine.model.baseline import Where
from hb_engine.model.record import replace
from hb_engine.model.report import Cause, Report, Verdict
from hb_engine.model.verdict import SEVERITIES

WEB = Where("hb.d/web.toml", 12, 1)
NEW = Verdict(
    "new", "drift", "critical", kit.BACKDOOR.key, "no rule is about it; runs a deleted file from /dev/shm", "web-17",
    kit.BACKDOOR, evidence=('pid 4117 "kworker/u8:1" as root',), remedy="hb why 1703; close it", since=NOW - 200,
)  # fmt: skip
WIDENED = Verdict(
    "widened", "drift", "high", kit.REDIS.key, "reaches public; db-redis allows loopback", "web-17", kit.REDIS,
    "db-redis", Where("hb.d/db.toml", 12, 1), "dba", "the shop's cache", ("rule: tcp/6379 on loopback",), "hb why 6379",
    (Cause(NOW - 420, "/etc/redis/redis.conf changed by deploy", "/etc/redis/redis.conf", "config"),),
)  # fmt: skip
GONE = Verdict(
    "gone", "drift", "medium", "tcp/public/443", "tcp/443 is required, and it is not there", "web-17", None,
    "web-https", WEB, "team-web", "the shop", (), "start it again",
)  # fmt: skip
MILD = Verdict("new", "drift", "medium", kit.SSH.key, "no rule is about it", "web-17", kit.SSH, remedy="hb why 22")
DEBT = Verdict("new", "debt", "info", kit.DHCP.key, "nobody has reviewed it", "web-17", kit.DHCP, remedy="hb review")
NOTE = Verdict(
    "changed", "note", "info", kit.HTTPS.key, "package version 1 -> 2", "web-17", kit.HTTPS, "web-https", WEB
)
UNSEEN = Verdict(
    "not-seen", "unseen", "none", kit.POSTGRES.key, "who holds it could not be seen", "web-17", kit.POSTGRES,
    "db-pg", WEB, remedy="look as root",
)  # fmt: skip
MUTED = Verdict("new", "muted", "medium", kit.VXLAN.key, "no rule is about it", "web-17", kit.VXLAN)
ACCEPTED = Verdict("suspicious", "accepted", "high", kit.TAP.key, "captures", "web-17", kit.TAP, "tap", WEB)
ALL = (NEW, WIDENED, GONE, MILD, DEBT, NOTE, UNSEEN, MUTED, ACCEPTED)


def report(*verdicts: Verdict, **more: object) -> Report:
    """A report of these verdicts."""
    made = Report(kit.HOST, NOW, kit.ROOT, verdicts, 14, 11, 23, "hb.d")
    return replace(made, **more)


def fleet(count: int, *verdicts: Verdict) -> list[Report]:
    """The same of many machines."""
    found = []
    for number in range(count):
        name = f"web-{number}"
        told = tuple([replace(one, host=name) for one in verdicts])
        found.append(report(*told, host=replace(kit.HOST, name=name)))
    return found


def drift(severity: str) -> Verdict:
    """Drift of a severity."""
    assert severity in SEVERITIES
    return replace(NEW, severity=severity)
