"""Reports made by hand, as hb check hands them to the formats: quiet, with every kind and state, of many, hostile."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.faces.kit import BACKDOOR, DAY, HOST, HOSTILE, HTTPS, NOBODY, NOW, POSTGRES, REDIS, ROOT, SSH, opening

from hb_engine.model.baseline import Where
from hb_engine.model.inventory import Coverage, Gap, Host
from hb_engine.model.record import replace
from hb_engine.model.report import KINDS, NOTES, Cause, Held, Report, Verdict
from hb_engine.model.verdict import SEVERITIES

WEB = Where("hb.d/web.toml", 12, 1)
HELD = (
    Held("web-https", "require", WEB, "team-web", "Shop front end", (HTTPS.key,)),
    Held("ssh-admin", "allow", Where("/etc/hb-engine/hb.d/admin.toml", 3, 1), "sre", "Administration", (SSH.key,)),
    Held("no-telnet", "forbid", Where("hb.d/no.toml", 1, 1), "security", "Clear text"),
    Held("metrics", "allow", Where("hb.d/web.toml", 20, 1), "sre", "Metrics"),
)
CAUSES = (
    Cause(NOW - 200, "login of alice from 192.0.2.7", "/var/log/wtmp", "login"),
    Cause(NOW - 190, "redis-server installed 7.0.15", "/var/log/dpkg.log", "package"),
)
NEW = Verdict(
    "new", "drift", "critical", BACKDOOR.key, "open to everyone, and no rule is about it", "web-17", BACKDOOR,
    evidence=('pid 4117 "kworker/u8:1" as root', "/proc/4117/exe -> /dev/shm/.x (deleted)"),
    remedy="hb why 1703", causes=CAUSES, since=NOW - 180,
)  # fmt: skip
WIDENED = Verdict(
    "widened", "drift", "high", REDIS.key, "reaches everyone, and cache allows loopback", "web-17", REDIS, "cache",
    Where("hb.d/web.toml", 31, 10), "team-web", "Sessions of the shop", ("bound to 0.0.0.0 and ::",),
    "bind it to 127.0.0.1", CAUSES[1:], NOW - 190,
)  # fmt: skip
GONE = Verdict("gone", "drift", "high", "tcp/public/443", "web-https requires it, and nothing is open there", "web-17",
               None, "web-https", WEB, "team-web", "Shop front end")  # fmt: skip
EXPIRED = Verdict("expired", "drift", "low", SSH.key, "allowed until 2026-11-19 (expired 3 days ago), owner alice",
                  "web-17", SSH, "debugging", Where("hb.d/tmp.toml", 1), "alice", "OPS-1234")  # fmt: skip
DEBT = Verdict("new", "debt", "medium", POSTGRES.key, "there before anybody decided", "web-17", POSTGRES)
ACCEPTED = Verdict("suspicious", "accepted", "high", SSH.key, "its executable belongs to no package", "web-17", SSH,
                   "unpackaged-in-writable-path", Where("hb.d/web.toml", 40, 1), "sre", "Built here")  # fmt: skip
SUSPICIOUS = replace(ACCEPTED, state="drift", rule="deleted-executable", reason="runs a deleted file")
MUTED = replace(WIDENED, state="muted", severity="medium")
UNSEEN = Verdict("not-seen", "unseen", "medium", "tcp/public/8443", "owners of 5 sockets could not be seen", "web-17",
                 None, "web-https", WEB, remedy="run as root")  # fmt: skip
WATCHED = Verdict(
    *("not-seen", "unseen", "none", HTTPS.key, "what speaks there was not asked", "db-3", HTTPS, "web-https", WEB),
)
REVIEW = Verdict("review-due", "note", "info", "ssh-admin", "was to be confirmed by 2026-11-01", "web-17", None,
                 "ssh-admin", Where("hb.d/admin.toml", 3, 1), "sre", "Administration")  # fmt: skip
VANISHED = Verdict("vanished", "note", "info", "tcp/loopback/25/unit:exim4.service/host", "is not there any more",
                   "web-17")  # fmt: skip
QUIET = Report(HOST, NOW - 2, ROOT, (), 3, 3, 4, "hb.d", held=HELD)
DEBTS = replace(QUIET, verdicts=(DEBT,), openings=4)
DRIFTED = Report(HOST, NOW - 2, ROOT, (NEW, WIDENED, GONE, EXPIRED, DEBT, ACCEPTED, MUTED, REVIEW, VANISHED), 11, 2, 4,
                 "hb.d", held=HELD)  # fmt: skip
BLIND = Report(HOST, NOW - 2, NOBODY, (UNSEEN,), 3, 2, 4, "hb.d", held=HELD)
OTHER = Report(Host("db-3", "Debian GNU/Linux 12 (bookworm)", machine="9c41" * 8), NOW - DAY, ROOT,
               (replace(WIDENED, host="db-3", severity="medium"),), 5, 4, 2, "hb.d", "db-3.json")  # fmt: skip
MANY = (DRIFTED, OTHER, replace(QUIET, host=Host("web-18", "")))


def every():
    """A report with a verdict of every kind, notes as notes."""
    verdicts = [
        Verdict(kind, "note" if kind in NOTES else "drift", SEVERITIES[1 + index % 5], f"tcp/public/{index}/x/host",
                f"it is {kind}", "web-17", opening(index + 1), rule=f"rule-{index}")
        for index, kind in enumerate(KINDS)
    ]  # fmt: skip
    return replace(DRIFTED, verdicts=tuple(verdicts))


def told(text, kind="new", state="drift"):
    """A verdict in which a text stands everywhere."""
    return Verdict(
        kind, state, "high", text, text, text, replace(BACKDOOR, port=None, protocol=text, interface=text), text,
        Where(text, 1, 1), text, text, (text, text), text, (Cause(NOW, text, text, "login"),), NOW,
    )  # fmt: skip


def saying(text, kind="new", state="drift"):
    """A report in which a text stands everywhere."""
    return Report(
        Host(text, text, machine=text), NOW, Coverage(False, (text,), (Gap(text, text, text),)),
        (told(text, kind, state),), 2, 1, 1, text, text, (Held(text, "allow", Where(text, 1), text, text, (text,)),),
    )  # fmt: skip


MARKS = (
    *("]]>", "-->", "<script>alert(1)</script>", "&amp;&#65;", "a|b\\|c", "`` ` ```", "| a |\n|---|", "<!-- x", "|"),
    *("[x](http://e.example)", "@everyone #12 !3 GH-1", "http://e.example/?a=b www.e.example", "**bold** _it_ ~~no~~"),
    *("=1+1", "'\"'", "\\", '\\\\"', '{label="x"} 1\nhb_drift 7', "\x00\x01\x08\x0b\x0c\x0e\x1f\x7f\x85\ufffe\uffff"),
    *("\ud800", "\udfff\ud800", "\u2028\u2029", "", " ", "\t", "\r\n", "$(id) ${x}", "%n%s", "1. one", "# head"),
    *("- item", "a" * 5000, "\ufeff", "; drop", "} # {", "include x", "\\\n", "a\\"),
)
AWKWARD = (*HOSTILE, *MARKS)
anything = st.text(st.characters(), max_size=40) | st.sampled_from(AWKWARD)
surrogates = st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010), max_size=6)
hostile_reports = st.builds(
    saying, anything | surrogates, st.sampled_from(KINDS), st.sampled_from(("drift", "debt", "note", "unseen", "muted"))
)
