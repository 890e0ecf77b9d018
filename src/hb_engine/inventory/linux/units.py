"""systemd's units as they stand on disk: what a unit is, and which socket unit a listening socket belongs to.

No D-Bus and no systemctl: hb must answer where neither does, and as nobody. What is on disk is what systemd will do
at its next reload, not always what it did at its last; so answers here are "by its unit file". Nothing is scanned
before somebody asks.

Sources: systemd.unit(5) (load path, drop-ins, specifiers, masking), systemd.socket(5), systemd.timer(5),
systemd.syntax(7).
"""

from __future__ import annotations

import _socket
import os

from hb_engine.inventory.linux.cgroups import unescape
from hb_engine.inventory.linux.processes import slurp
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Settings = dict[tuple[str, str], list[str]]  # (section, key) -> values in order, since the last empty one

LIMIT = 1 << 20  # of one unit file
FOLDERS = (  # system units, the strongest first
    "etc/systemd/system.control",
    "run/systemd/system.control",
    "run/systemd/transient",
    "run/systemd/generator.early",
    "etc/systemd/system",
    "etc/systemd/system.attached",
    "run/systemd/system",
    "run/systemd/system.attached",
    "run/systemd/generator",
    "usr/local/lib/systemd/system",
    "lib/systemd/system",  # left out where /lib is a link to /usr/lib
    "usr/lib/systemd/system",
    "run/systemd/generator.late",
)
USER_FOLDERS = (  # units of users' managers; those of one home and one runtime folder come before
    "etc/systemd/user",
    "run/systemd/user",
    "usr/local/share/systemd/user",
    "usr/share/systemd/user",
    "usr/local/lib/systemd/user",
    "usr/lib/systemd/user",
)
STREAM = {"": "tcp", "sctp": "sctp", "mptcp": "tcp"}
DATAGRAM = {"": "udp", "udplite": "udplite"}
WILDCARDS = (bytes(4), bytes(16))
MAPPED = bytes(10) + b"\xff\xff"  # an IPv4 address as an IPv6 socket shows it
ANY_CID = b"\xff\xff\xff\xff"  # VMADDR_CID_ANY


@record
class Unit:
    """A unit file. `path` is None where no file was found; `masked` units are links to /dev/null and start nothing."""

    name: str
    path: str | None
    description: str = ""
    type: str = ""  # of services: simple, oneshot, notify ...
    masked: bool = False
    dropins: tuple[str, ...] = ()


@record
class Listen:
    """One Listen line, ready to compare. `address` is packed, None for every address (a bare port), or a path's
    bytes.
    """

    transport: str  # tcp, udp, udplite, sctp, vsock, unix
    address: bytes | None
    port: int | None
    text: str  # as the file says it


@record
class SocketUnit:
    """A socket unit with what it listens on and the service that it starts (a template with Accept=yes)."""

    name: str
    path: str
    service: str
    listens: tuple[Listen, ...] = ()
    accept: bool = False
    description: str = ""
    device: str = ""  # BindToDevice=


class Units:
    """The units of one manager. `root` is where its files are; `home` and `runtime` make it a user's manager."""

    def __init__(self, root: str = "/", home: str | None = None, runtime: str | None = None) -> None:
        self.root = root
        folders = _system_folders(root) if home is None else _user_folders(root, home, runtime)
        self.folders = [folder for folder in folders if os.path.isdir(folder)]  # four of thirteen on most machines
        self._listings: dict[str, frozenset[str]] | None = None
        self._sockets: tuple[SocketUnit, ...] | None = None

    def describe(self, name: str) -> Unit:
        """What the files say of one unit: a handful of look-ups, nothing is scanned. Takes the last part of a nested
        name.
        """
        name = name.rpartition("/")[2]
        path = self.find(name)
        if path is None or _is_masked(path):
            return Unit(name=name, path=path, masked=path is not None)
        settings, dropins = self.settings(name, path)
        return Unit(
            name=name,
            path=path,
            description=self._expand(_last(settings, "Unit", "Description"), name),
            type=_last(settings, "Service", "Type").lower(),
            dropins=tuple(dropins),
        )

    def find(self, name: str) -> str | None:
        """The file that counts for a unit, or for its template; None for none. Masked units give their link."""
        if "/" in name or not name or name.startswith("."):
            return None
        for candidate in (name, template_of(name)):
            for folder in self.folders if candidate else ():
                path = f"{folder}/{candidate}"
                if os.path.lexists(path):
                    return path
        return None

    def settings(self, name: str, path: str) -> tuple[Settings, list[str]]:
        """The values of a unit with its drop-ins laid over it, and the drop-ins that were read."""
        values: Settings = {}
        dropins = list(self._dropins(name))
        for source in (path, *dropins):
            try:
                parse(slurp(source, LIMIT), values)
            except OSError:
                continue  # not readable, or gone since it was listed: the rest still counts
        return values, dropins

    def sockets(self) -> tuple[SocketUnit, ...]:
        """Every socket unit that is not masked. Scans the folders at the first call and remembers."""
        if self._sockets is None:
            names = {name for listing in self._list().values() for name in listing if name.endswith(".socket")}
            found = [self._socket(name) for name in sorted(names | self._instances(names))]
            self._sockets = tuple(unit for unit in found if unit)
        return self._sockets

    def match(self, transport: str, address: bytes | str, port: int | None) -> tuple[SocketUnit, ...]:
        """The socket units that ask for this socket, exact addresses before wildcards.

        `address` is packed (4 or 16 bytes, vsock: the CID in 4, network order); for unix sockets the path, or "@name".
        """
        wanted = os.fsencode(address) if isinstance(address, str) else _plain(address)
        ranked = []
        for unit in self.sockets():
            ranks = [_fits(listen, transport, wanted, port) for listen in unit.listens]
            if any(ranks):
                ranked.append((-max(ranks), unit.name, unit))
        return tuple(unit for _, _, unit in sorted(ranked, key=lambda found: found[:2]))

    def timer_of(self, service: str) -> str | None:
        """The timer that starts a service: the same name, else (after scan()) any whose Unit= names it."""
        return self._trigger(service, ".timer", "Timer", "Unit")

    def socket_of(self, service: str) -> str | None:
        """The socket unit that starts a service, found as timer_of finds timers; of a template, its Accept=yes
        socket.
        """
        return self._trigger(service, ".socket", "Socket", "Service")

    def enabled(self, name: str) -> bool:
        """Whether something pulls the unit in at boot (a link in some .wants or .requires), by all folders."""
        for folder in self.folders:
            for wanting in _names(folder):
                if wanting.endswith((".wants", ".requires")) and os.path.lexists(f"{folder}/{wanting}/{name}"):
                    return True
        return False

    def scan(self) -> Units:
        """List all folders now, so that timer_of and socket_of see units of other names too; for `why`."""
        self._list()
        return self

    def _trigger(self, service: str, suffix: str, section: str, key: str) -> str | None:
        service = service.rpartition("/")[2]
        stem = service.removesuffix(".service")
        plain = template_of(service) or service
        for name in dict.fromkeys((stem + suffix, stem.partition("@")[0] + suffix)):
            if self._starts(name, section, key, plain):
                return name
        names = {name for listing in (self._listings or {}).values() for name in listing if name.endswith(suffix)}
        return next((name for name in sorted(names) if self._starts(name, section, key, plain)), None)

    def _starts(self, name: str, section: str, key: str, service: str) -> bool:
        """Whether a timer or socket exists, is not masked, and starts this service or this template."""
        path = self.find(name)
        if path is None or _is_masked(path):
            return False
        settings, _ = self.settings(name, path)
        named = self._expand(_last(settings, section, key), name)
        accept = section == "Socket" and _is_yes(_last(settings, section, "Accept"))
        target = named or name.rpartition(".")[0] + ("@.service" if accept else ".service")
        return (template_of(target) or target) == service

    def _socket(self, name: str) -> SocketUnit | None:
        path = self.find(name)
        if path is None or _is_masked(path) or name.endswith("@.socket"):
            return None  # a template listens to nothing until it has an instance
        settings, _ = self.settings(name, path)
        accept = _is_yes(_last(settings, "Socket", "Accept"))
        stem = name.removesuffix(".socket")
        named = self._expand(_last(settings, "Socket", "Service"), name)
        return SocketUnit(
            name=name,
            path=path,
            service=named or stem + ("@.service" if accept else ".service"),
            listens=tuple(self._listens(settings, name)),
            accept=accept,
            description=self._expand(_last(settings, "Unit", "Description"), name),
            device=self._expand(_last(settings, "Socket", "BindToDevice"), name),
        )

    def _listens(self, settings: Settings, name: str) -> Iterator[Listen]:
        protocol = _last(settings, "Socket", "SocketProtocol").lower()
        kinds = {"ListenStream": STREAM.get(protocol), "ListenDatagram": DATAGRAM.get(protocol)}
        kinds["ListenSequentialPacket"] = "sctp" if protocol == "sctp" else "tcp"
        for key, transport in kinds.items():
            for value in settings.get(("Socket", key), ()):
                listen = parse_listen(self._expand(value, name), transport or "tcp")
                if listen:
                    yield listen

    def _expand(self, text: str, name: str) -> str:
        """The specifiers that listen lines use: %i %I %n %N %p %P %t %%. Others need the manager and stay as they
        are.
        """
        if "%" not in text:
            return text
        stem = name.rpartition(".")[0]
        prefix, _, instance = stem.partition("@")
        values = {"%": "%", "i": instance, "I": _unescape_path(instance), "n": name, "N": stem, "p": prefix}
        values |= {"P": unescape(prefix), "t": "/run", "j": prefix.rpartition("-")[2]}
        head, *pieces = text.replace("%%", "%\0").split("%")
        for piece in pieces:
            letter = "%" if piece[:1] == "\0" else piece[:1]
            head += values.get(letter, "%" + letter) + piece[1:]
        return head

    def _dropins(self, name: str) -> list[str]:
        """The *.conf files laid over a unit: by file name, a stronger folder's hiding a weaker one's."""
        chosen: dict[str, str] = {}
        for wanted in _dropin_folders(name):
            for folder in self.folders:
                for conf in _names(f"{folder}/{wanted}"):
                    if conf.endswith(".conf"):
                        chosen.setdefault(conf, f"{folder}/{wanted}/{conf}")
        return [chosen[conf] for conf in sorted(chosen) if not _is_masked(chosen[conf])]

    def _list(self) -> dict[str, frozenset[str]]:
        if self._listings is None:
            self._listings = {folder: frozenset(_names(folder)) for folder in self.folders}
        return self._listings

    def _instances(self, names: set[str]) -> set[str]:
        """Instances of socket templates exist only as links in .wants and .requires folders."""
        if not any(name.endswith("@.socket") for name in names):
            return set()
        found: set[str] = set()
        for folder, listing in self._list().items():
            for wanting in listing:
                if wanting.endswith((".wants", ".requires")):
                    found.update(
                        name for name in _names(f"{folder}/{wanting}") if name.endswith(".socket") and "@" in name
                    )
        return found


def template_of(name: str) -> str:
    """foo@.service for foo@bar.service; "" for what is no instance."""
    prefix, at, rest = name.partition("@")
    instance, dot, suffix = rest.rpartition(".")
    return f"{prefix}@.{suffix}" if at and dot and instance else ""


def parse(data: bytes, into: Settings | None = None) -> Settings:
    """A unit file as (section, key) to values. An empty value resets the list; never raises."""
    values: Settings = {} if into is None else into
    section = ""
    for line in _lines(data.decode("utf-8", "surrogateescape")):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            continue
        key, equals, value = line.partition("=")
        if equals and section:
            place = (section, key.strip())
            if value.strip():
                values.setdefault(place, []).append(value.strip())
            else:
                values[place] = []
    return values


def _lines(text: str) -> Iterator[str]:
    """Logical lines: a backslash at the end continues, comments between continued lines are skipped
    (systemd.syntax(7)).
    """
    held = ""
    for raw in text.split("\n"):
        line = raw.strip()
        if line.startswith(("#", ";")):
            continue
        if line.endswith("\\"):
            held += line[:-1] + " "
            continue
        if held or line:
            yield (held + line).strip()
        held = ""
    if held:
        yield held.strip()


def parse_listen(text: str, transport: str) -> Listen | None:
    """A value of ListenStream= and its kin: port, v4:port, [v6]:port, vsock:cid:port, @name or /path. None for none
    of them.
    """
    if text.startswith(("/", "@")):
        return Listen(transport="unix", address=os.fsencode(text), port=None, text=text)
    if text.startswith("vsock"):
        return _parse_vsock(text)
    if text.isascii() and text.isdigit():
        return _numbered(transport, None, text, text)
    host, colon, port = text.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()):
        return None
    packed = _pack(host)
    return _numbered(transport, packed, port, text) if packed is not None else None


def _parse_vsock(text: str) -> Listen | None:
    """vsock:CID:PORT, or vsock-TYPE:CID:PORT; an empty CID is every CID."""
    parts = text.split(":")
    if len(parts) != 3 or not parts[2].isdigit() or not parts[2].isascii():
        return None
    cid, port = parts[1], int(parts[2][:11])
    if cid and not (cid.isascii() and cid.isdigit()):
        return None
    number = int(cid[:11]) if cid else 0xFFFFFFFF
    if port > 0xFFFFFFFF or number > 0xFFFFFFFF:
        return None
    return Listen(transport="vsock", address=number.to_bytes(4, "big"), port=port, text=text)


def _numbered(transport: str, address: bytes | None, port: str, text: str) -> Listen | None:
    number = int(port[:6])
    return Listen(transport=transport, address=address, port=number, text=text) if 0 < number < 65536 else None


def _pack(host: str) -> bytes | None:
    family = _socket.AF_INET
    if host.startswith("[") and host.endswith("]"):
        host, family = host[1:-1].partition("%")[0], _socket.AF_INET6
    try:
        return _plain(_socket.inet_pton(family, host))
    except (OSError, ValueError):
        return None


def _plain(address: bytes) -> bytes:
    """An IPv4-mapped address as IPv4, for comparison."""
    return address[12:] if len(address) == 16 and address.startswith(MAPPED) else address


def _fits(listen: Listen, transport: str, address: bytes, port: int | None) -> int:
    """0 for no; 1 a bare port and a wildcard socket; 2 the very address. A bare port without IPv6 becomes 0.0.0.0."""
    if (listen.transport, listen.port) != (transport, port):
        return 0
    if listen.address is None:
        return 1 if address in WILDCARDS else 0
    return 2 if listen.address == address else 0


def _dropin_folders(name: str) -> list[str]:
    """foo-bar@x.socket.d, foo-bar@.socket.d, foo-.socket.d and socket.d: the more specific name hides the less
    specific.
    """
    stem, _, suffix = name.rpartition(".")
    folders = [f"{name}.d"]
    if template_of(name):
        folders.append(f"{template_of(name)}.d")
    prefix = stem.partition("@")[0]
    while "-" in prefix.rstrip("-"):
        prefix = prefix.rstrip("-").rpartition("-")[0] + "-"
        folders.append(f"{prefix}.{suffix}.d")
    return [*folders, f"{suffix}.d"]


def _system_folders(root: str) -> list[str]:
    merged = os.path.islink(os.path.join(root, "lib"))
    return [os.path.join(root, folder) for folder in FOLDERS if not (merged and folder.startswith("lib/"))]


def _user_folders(root: str, home: str, runtime: str | None) -> list[str]:
    below = [f"{home}/.config/systemd/user.control", f"{home}/.config/systemd/user"]
    if runtime:
        below[1:1] = [f"{runtime}/systemd/user.control", f"{runtime}/systemd/transient"]
        below += [f"{runtime}/systemd/user", f"{runtime}/systemd/generator"]
    below.append(f"{home}/.local/share/systemd/user")
    return [os.path.join(root, folder.lstrip("/")) for folder in (*below, *USER_FOLDERS)]


def _is_masked(path: str) -> bool:
    """A link to /dev/null, or an empty file."""
    try:
        return os.readlink(path) == "/dev/null"
    except OSError:
        pass
    try:
        return os.stat(path).st_size == 0
    except OSError:
        return False


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []  # most of the folders exist on no machine


def _last(settings: Settings, section: str, key: str) -> str:
    values = settings.get((section, key))
    return values[-1] if values else ""


def _is_yes(text: str) -> bool:
    return text.lower() in ("1", "yes", "y", "true", "t", "on")


def _unescape_path(instance: str) -> str:
    """%I: dashes are slashes there, escapes undone."""
    return unescape(instance.replace("-", "/"))
