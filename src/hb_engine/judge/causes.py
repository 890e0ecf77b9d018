"""What probably led to a drift: entries of the machine's own records that fit it in subject and time.

Nothing here is proof. An entry counts only where it is about what is open (its package, unit, configuration, container,
cron table, or the firewall that leads there) and happened between the last look without it and the first with it. Where
the process that holds it began in that time, what happened before that counts for more: later changes can have worked
only by a reload. Of several the ones that fit best come first, then the nearest. A login explains nothing by itself: it
is told beside such an entry, or alone as what it is, somebody who was there at that time. Where nothing fits, nothing
is told.
"""

from __future__ import annotations

from hb_engine.model.report import Cause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hb_engine.model.event import Event
    from hb_engine.model.opening import Opening

MOST = 3
LATER = 40  # less for what happened after the process began
SLACK = 2.0  # seconds: records have whole seconds, and clocks of two programs differ
COMPANY = 1800.0  # seconds before a change within which a login goes with it
ALONE = 3600.0  # seconds before the drift within which a login alone is worth a word
BOOTED = 300.0  # seconds after a start of the machine within which services come up
UNNAMED = 40  # for "some packages changed", which is all that apk keeps
APK = ("/usr/lib/apk/db/installed", "/lib/apk/db/installed")
SUFFIXES = (".service", ".socket", ".timer", ".scope", ".slice")
FIREWALLS = ("nftables", "iptables", "ip6tables", "ufw", "firewalld", "shorewall")
# Names that stand for many: a match with one of these says nothing, whatever version follows it.
EVERYBODYS = frozenset(
    (
        *("init", "systemd", "default", "conf", "etc", "common", "server", "lib", "net", "open", "linux"),
        *(
            "sh",
            "bash",
            "dash",
            "zsh",
            "ksh",
            "ash",
            "busybox",
            "env",
            "perl",
            "python",
            "pypy",
            "ruby",
            "lua",
            "luajit",
        ),
        *("php", "node", "nodejs", "npm", "deno", "bun", "java", "jsvc", "mono", "dotnet", "tclsh", "expect", "guile"),
        *(
            "beam.smp",
            "erl",
            "gunicorn",
            "uwsgi",
            "uvicorn",
            "socat",
            "nc",
            "ncat",
            "netcat",
            "inetd",
            "xinetd",
            "tcpd",
        ),
    )
)
VERSION = "0123456789.-"  # what follows a name: python3.11, node-18
# Folders below /etc in which each program has a file of its own, besides those that end in .d.
SHARED = frozenset(("default", "sysconfig", "conf", "init", "rc", "ssl", "pki", "local", "opt"))


def causes(opening: Opening, kind: str, events: Iterable[Event], after: float, until: float) -> tuple[Cause, ...]:
    """The likely causes of one drift (a kind of model.report.DRIFTS), the best first, at most three.

    It came after `after` and not later than `until`, in seconds since the epoch.
    """
    if kind in ("expired", "out-of-window"):
        return ()  # the calendar did it
    began = [one.started_at for one in opening.owners if one.started_at is not None and after < one.started_at]
    moment = min(min(began, default=until), until)
    near = [event for event in events if after < event.at <= until + SLACK]
    subject = _Subject(opening)
    fitting = [(score, event) for event in near if (score := subject.fits(event, moment))]
    scored = [(score - (LATER if event.at > moment + SLACK else 0), event) for score, event in fitting]
    if any(event.kind == "package" for _, event in scored):  # what came with a package is no cause of its own
        scored = [(score, event) for score, event in scored if not event.text.partition(" was put there")[1]]
    scored.sort(key=lambda pair: (-pair[0], abs(moment - pair[1].at)))
    best = _distinct([event for _, event in scored])[:MOST]
    company = _company(best, near, subject, moment)
    if company and len(best) == MOST:
        # Whoever ran a command as root was logged in: that says less than what else changed.
        best, company = (best, []) if any(event.kind == "login" for event in best) else (best[:-1], company)
    return tuple([Cause(event.at, event.text, event.source, event.kind) for event in (*best, *company)])


class _Subject:
    """What an opening goes by, for comparing with what records are about."""

    def __init__(self, opening: Opening) -> None:
        owners = opening.owners
        self.packages = {p.name for one in owners for p in (one.package, one.script_package) if p}
        self.versions = [(p.name, p.version) for one in owners for p in (one.package, one.script_package) if p]
        self.databases = {base for one in owners if one.package and one.package.manager == "apk" for base in APK}
        self.units = {one.unit for one in owners if one.unit} | ({opening.unit} if opening.unit else set())
        self.units |= {
            one.origin.name for one in owners if one.origin and one.origin.kind in ("service", "socket", "timer")
        }
        boxes = [box for box in (opening.container, *[one.container for one in owners]) if box]
        self.boxes = {name for box in boxes for name in (box.name, box.id[:12]) if name}
        self.images = {box.image for box in boxes if box.image}
        self.files = {path for one in owners for path in (one.exe, one.script) if path}
        self.commands = {one.cmdline for one in owners if len(one.cmdline) > 1}
        self.users = {one.user for one in owners if one.user} | ({opening.user} if opening.user else set())
        self.crons = {one.origin.user for one in owners if one.origin and one.origin.kind == "cron"}
        firewall = (
            opening.unowned is not None
            and opening.unowned.reason == "kernel"
            and opening.kind in ("redirect", "forward")
        )
        self.firewall = firewall
        self.kernel = opening.unowned is not None and opening.unowned.reason == "kernel"
        self.names = self._names(opening)

    def _names(self, opening: Opening) -> frozenset[str]:
        """Words for it that paths of configuration have too: sshd, ssh, nginx, redis."""
        words = {one.comm for one in opening.owners} | {path.rpartition("/")[2] for path in self.files}
        words |= {_stem(unit) for unit in self.units} | self.packages | {_base(name) for name in self.packages}
        if self.firewall:
            words |= set(FIREWALLS)
        return frozenset([word.lower() for word in words if len(word) > 1 and not _is_everybodys(word)])

    def fits(self, event: Event, moment: float) -> int:
        """How well an entry fits, 0 for not at all."""
        if event.kind == "package":
            return self._package(event) if event.subject else UNNAMED * (event.source in self.databases)
        if event.kind == "unit":
            return 85 if event.subject in self.units else 0
        if event.kind == "config":
            return self._config(event)
        if event.kind == "container":
            return 85 if event.subject in self.boxes else 0
        if event.kind == "cron":
            return 60 if event.subject in self.crons or (event.user in self.crons and event.user) else 0
        if event.kind == "boot":
            return 30 if moment - event.at + SLACK >= 0 and moment - event.at <= BOOTED else 0
        return self._command(event)

    def _package(self, event: Event) -> int:
        name = event.subject
        if name in self.packages:
            return 90
        related = [version for known, version in self.versions if _base(known) == _base(name)]
        if related and _may_be_of(event.text, related):
            return 70
        if name.lower() in self.names:
            return 65
        return 50 if self.firewall and name in FIREWALLS else 0

    def _config(self, event: Event) -> int:
        if event.subject and event.subject in self.packages:
            return 80
        words = {
            word
            for part in _places(event.source.lower())
            for word in (part, part.partition(".")[0], part.removesuffix("_config"), part.removesuffix("d"))
        }
        return 75 if words & self.names else 0

    def _command(self, event: Event) -> int:
        """What somebody ran by sudo, where it names what is open."""
        _, ran, command = event.text.partition(" ran sudo ")
        if not ran:
            return 0
        told = command.split()
        words = {part for word in command.lower().split() for part in (word, word.rpartition("/")[2], _stem(word))}
        files = {path for path in self.files if not _is_everybodys(path.rpartition("/")[2])}
        named = words & self.names or words & {unit.lower() for unit in self.units} or files & set(told)
        return 78 if named or any(_is_the_same(told, line) for line in self.commands) else 0


def _is_everybodys(word: str) -> bool:
    """Whether a name stands for many: python3.11 does, as python does."""
    small = word.lower()
    return small in EVERYBODYS or small.rstrip(VERSION) in EVERYBODYS


def _places(path: str) -> list[str]:
    """The parts of a configuration's path that tell whose it is: /etc/nginx/..., /etc/default/nginx, /etc/x.d/nginx.

    What stands deeper is the first one's own business: /etc/freeradius/mods-enabled/redis is a file of freeradius.
    """
    parts = path.partition("/etc/")[2].split("/")
    for number, part in enumerate(parts):
        if part not in SHARED and not part.endswith(".d"):
            return parts[: number + 1]
    return parts


def _may_be_of(text: str, versions: Iterable[str]) -> bool:
    """Whether what a log says of a package may be about the source of others, by their versions: packages of one
    source change together, and prometheus-node-exporter is none of prometheus-alertmanager's business."""
    said = text.rpartition(" ")[2]
    if not any(letter.isdigit() for letter in said):
        return True
    return any(not version or _plain(version) == _plain(said) for version in versions)


def _plain(version: str) -> str:
    """A version without what a distribution numbers for itself: the epoch, and a rebuild for one architecture."""
    head, built, number = version.rpartition(":")[2].rpartition("+b")
    return head if built and number.isdigit() else version.rpartition(":")[2]


def _is_the_same(told: Sequence[str], line: tuple[str, ...]) -> bool:
    """Whether a command that sudo noted is a process's own command line."""
    words = " ".join(line[1:]).split()  # a log does not keep where one word ended
    return len(told) > 1 and told[1:] == words and told[0].rpartition("/")[2] == line[0].rpartition("/")[2]


def _company(best: Sequence[Event], near: Iterable[Event], subject: _Subject, moment: float) -> list[Event]:
    """The login that goes with a change, or, alone, with the drift itself; the last of them."""
    logins = [event for event in near if event.kind == "login" and event not in best and " logged in" in event.text]
    until, span = (best[0].at, COMPANY) if best else (moment, ALONE)
    if best and best[0].kind == "boot":
        return []
    fits = [event for event in logins if until - event.at + SLACK >= 0 and until - event.at <= span]
    fits.sort(key=lambda event: (event.user in subject.users, event.at))
    return fits[-1:]


def _distinct(events: Iterable[Event]) -> list[Event]:
    """Each subject's best entry of a kind only: forty files of one package are one cause."""
    kept: dict[tuple[str, str], Event] = {}
    for event in events:
        kept.setdefault((event.kind, event.subject or event.source), event)
    return list(kept.values())


def _stem(unit: str) -> str:
    """nginx of nginx.service, foo of foo@bar.service."""
    name = unit.rpartition("/")[2]
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name.partition("@")[0]


def _base(package: str) -> str:
    """What related packages have in common: nginx of nginx-common and nginx-core; libraries are related to nobody."""
    name = package.partition("-")[0]
    return name if len(name) > 2 and not name.startswith("lib") and not _is_everybodys(name) else package
