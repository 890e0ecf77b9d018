"""A machine, its rules and its lock, made by hand, and the report of holding them against each other."""

from __future__ import annotations

from typing import Any

from hb_engine.baseline.deciding.decide import Decider
from hb_engine.baseline.facts import observed
from hb_engine.baseline.language.listen import parse
from hb_engine.judge.drift import report
from hb_engine.model.answer import Answer
from hb_engine.model.baseline import Baseline, Is, Lock, LockedHost, Rule, Where, Window
from hb_engine.model.identity import Certificate, Identity, Tls
from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.owner import Owner, Package
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.report import Report, Verdict

NOW = 1_795_600_000.0  # 2026-11-25T09:46:40Z, a Wednesday
DAY = 86400
HOST = Host("web-17", "Debian GNU/Linux 12 (bookworm)", machine="5f0c", os="debian-12")
HOME = Netns(4026531840)
ROOT = Coverage(True, ("sock_diag tcp", "sock_diag udp"))
BLIND = Gap("owners of 1 socket", "its process is not yours to read", "run as root", "owners")
NOBODY = Coverage(False, ROOT.sources, (BLIND,))
WIDE = {"loopback": "127.0.0.1", "link": "169.254.7.7", "private": "10.0.0.5", "public": "0.0.0.0"}
LASTING = frozenset(("deleted-executable", "hidden-opening"))
DIGEST = "ab" * 32


def service(name: str = "nginx", **more: Any) -> Owner:
    """A daemon of a package, started by its unit."""
    made = Owner(
        100, name[:15], f"/usr/sbin/{name}", cmdline=(f"/usr/sbin/{name}",), uid=0, user="root", started_at=NOW - 9000,
        unit=f"{name}.service", package=Package(name, "1.22.1-9", "dpkg", verified=True),
    )  # fmt: skip
    return replace(made, **more)


def opening(port: int | None = 443, owner: Owner | str | None = "nginx", scope: str = "public", **more: Any) -> Opening:
    """A TCP listener of one owner, of a service by its name, or of nobody that is known."""
    held = service(owner) if isinstance(owner, str) else owner
    made = Opening("listener", "tcp", port, (WIDE[scope],), ("ipv4",), scope, HOME, owners=(held,) if held else (),
                   inodes=(4711,), verdict=Judgement())  # fmt: skip
    return replace(made, **more)


def unseen(port: int = 443, scope: str = "public", **more: Any) -> Opening:
    """The same as somebody without rights sees it."""
    return opening(port, None, scope, unowned=Unowned("not-permitted"), **more)


def client(port: int = 40123, scope: str = "public", **more: Any) -> Opening:
    """A UDP socket whose port the kernel chose."""
    return opening(port, "resolver", scope, transport="udp", kind="bound", ephemeral=True, **more)


def said(severity: str, rule: str = "deleted-executable", text: str = "runs a deleted file") -> Judgement:
    """A verdict of one evidence rule."""
    return Judgement(severity, (Reason(rule, severity, text, ("its evidence",), "its remedy"),))


def rule(kind: str = "allow", listen: str = "tcp/443", unit: str = "nginx", **more: Any) -> Rule:
    """A rule at a place of its own, by a unit unless that is empty."""
    by = Is("unit", f"{unit}.service") if unit else None
    text = f"unit:{unit}.service" if unit else ""
    made = Rule(kind, f"{kind}-{listen.partition(' ')[0].replace('/', '-')}", parse(listen), by=by, by_text=text,
                owner="team-web", why="Shop", where=Where("hb.d/web.toml", 12, 1))  # fmt: skip
    return replace(made, **more)


def answer(name: str = "http", *, tls: str = "", certificate: str = "", product: str = "nginx") -> Answer:
    """What an opening said."""
    layer = Tls(tls, versions=(tls,), certificate=Certificate("CN=x", "CN=y", sha256=certificate)) if tls else None
    return Answer("tcp", 443, "open", "syn-ack", identity=Identity(name, product, "1.22.1", tls=layer))


def locked(*openings: Opening, **more: Any) -> Lock:
    """hb.lock of this machine as it would be written of these openings."""
    held = tuple([observed(one, sha256=DIGEST) for one in openings])
    return Lock((replace(LockedHost(HOST.name, HOST.machine, int(NOW) - 30 * DAY, observed=held), **more),))


def check(
    openings: list[Opening] | tuple[Opening, ...],
    rules: list[Rule] | tuple[Rule, ...] = (),
    lock: Lock | None = None,
    *,
    coverage: Coverage = ROOT,
    host: Host = HOST,
    windows: tuple[Window, ...] = (),
    **more: Any,
) -> Report:
    """The report of these openings, on this machine unless another is given."""
    baseline = Baseline(tuple(rules), windows=windows)
    seen = Inventory(host, NOW, coverage, tuple(openings))
    return report(seen, Decider(baseline, host, NOW), lock or Lock(), lasting=LASTING, baseline="hb.d", **more)


def told(made: Report, *states: str) -> list[tuple[str, str, str]]:
    """What is told: kind, state and severity of each verdict, of these states if any are named."""
    return [(one.kind, one.state, one.severity) for one in made.verdicts if not states or one.state in states]


def drifts(made: Report) -> list[str]:
    """The kinds of drift, in their order."""
    return [one.kind for one in made.verdicts if one.state == "drift"]


def only(made: Report) -> Verdict:
    """The one verdict that there is."""
    assert len(made.verdicts) == 1, told(made)
    return made.verdicts[0]
