"""Who logged in, from where and when: what logind, utmp and the session's first process left behind.

A login outlives its evidence and evidence outlives its login, so each source is read for itself and says which it
was. Of a process's environment two variables are looked for, SSH_CONNECTION and SUDO_USER; everything else in it may
be a secret, and is neither kept nor shown. Their values must look like an address and a user's name, or they are
dropped: a process can write anything there.

Sources: utmp(5) and glibc's bits/utmp.h; logind's files under /run/systemd/sessions (private, yet unchanged since
version 30); sshd(8) ENVIRONMENT; sudo(8) ENVIRONMENT; audit's loginuid in proc(5).
"""

from __future__ import annotations

import _socket
import os
from struct import Struct

from hb_engine.inventory.linux.processes import slurp
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

USER_PROCESS, DEAD_PROCESS = 7, 8  # utmp.h
UTMP_LIMIT = 4 << 20
ENVIRON_LIMIT = 256 * 1024
UNSET = 0xFFFFFFFF  # audit: AUDIT_UID_UNSET and AUDIT_SID_UNSET
# type, pid, line, id, user, host, exit, session, seconds, microseconds, address: the layout of every glibc that keeps
# 32 bit
# times in utmp (x86, and 64-bit ports that share it), and that of ports whose long is all of the time (aarch64,
# riscv64).
NARROW = Struct("<hxxi32s4s32s256s4xiii16s20x")
WIDE = Struct("<hxxi32s4s32s256s4xqqq16s24x")


@record
class Login:
    """A login. `source` says where it was read: logind, utmp, wtmp or environ; `ended` is None where that is not
    known.
    """

    user: str
    remote: str = ""  # an address, or the name that was written down
    service: str = ""  # sshd, login, gdm-password ...
    tty: str = ""
    session: str = ""
    at: float | None = None  # seconds since the epoch
    leader: int | None = None  # pid of the process that opened the session
    ended: bool | None = None
    source: str = ""


def session(identifier: str, root: str = "/") -> Login | None:
    """A session as logind keeps it; None when logind knows no such session, as after its end."""
    if not identifier.isalnum():
        return None
    try:
        data = slurp(os.path.join(root, "run/systemd/sessions", identifier), 16384)
    except OSError:
        return None
    return parse_session(identifier, data)


def parse_session(identifier: str, data: bytes) -> Login | None:
    """A file of /run/systemd/sessions: KEY=value lines with C escapes. None without a user."""
    values = {}
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            values[key] = _unquote(value)
    user = values.get("USER") or values.get("UID")
    if not user:
        return None
    microseconds = values.get("REALTIME", "")
    return Login(
        user=user,
        remote=values.get("REMOTE_HOST", ""),
        service=values.get("SERVICE", ""),
        tty=values.get("TTY", ""),
        session=identifier,
        at=int(microseconds[:17]) / 1e6 if microseconds.isascii() and microseconds.isdigit() else None,
        leader=_number(values.get("LEADER", "")),
        ended=values.get("STATE") == "closing",
        source="logind",
    )


def _unquote(value: str) -> str:
    """Undo what logind's escaping does to unusual bytes (backslash and xNN)."""
    if "\\x" not in value:
        return value
    from hb_engine.inventory.linux.cgroups import unescape

    return unescape(value)


def _number(text: str) -> int | None:
    return int(text[:10]) if text.isascii() and text.isdigit() else None


def parse_utmp(data: bytes) -> Iterator[Login]:
    """The logins of a utmp or wtmp file, dead ones included; a half-written record at the end is passed over."""
    layout = _layout(data)
    for place in range(0, len(data) - layout.size + 1, layout.size):
        kind, pid, line, _, user, host, _, seconds, micro, address = layout.unpack_from(data, place)
        if kind not in (USER_PROCESS, DEAD_PROCESS):
            continue
        yield Login(
            user=_text(user),
            remote=_remote(_text(host), address),
            tty=_text(line),
            at=seconds + micro / 1e6 if 0 <= micro < 10**6 else float(seconds),
            leader=pid,
            ended=kind == DEAD_PROCESS,
            source="utmp",
        )


def _layout(data: bytes) -> Struct:
    """Which of the two layouts a file has, by its length, and by the types of its records where both would fit."""
    fits = [layout for layout in (NARROW, WIDE) if len(data) % layout.size == 0]
    if len(fits) == 1:
        return fits[0]
    return max((NARROW, WIDE), key=lambda layout: _plausible(data, layout))


def _plausible(data: bytes, layout: Struct) -> int:
    """How many of the first records have a type that exists (0 to 9) and a possible pid, less those without."""
    score = 0
    for place in range(0, min(len(data), 16 * layout.size) - layout.size + 1, layout.size):
        kind, pid = layout.unpack_from(data, place)[:2]
        score += 1 if 0 <= kind <= 9 and 0 <= pid < 1 << 22 else -1
    return score


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _remote(host: str, address: bytes) -> str:
    """The address where the record has one (sshd writes it only sometimes), else the host as it was written."""
    if not any(address):
        return host
    if any(address[4:]):
        return _socket.inet_ntop(_socket.AF_INET6, address)
    return _socket.inet_ntop(_socket.AF_INET, address[:4])


def utmp(root: str = "/") -> tuple[Login, ...]:
    """Who is logged in by /run/utmp; () where there is none (systemd 256 and Debian 13 do without)."""
    for name in ("run/utmp", "var/run/utmp"):
        try:
            return tuple(parse_utmp(slurp(os.path.join(root, name), UTMP_LIMIT)))
        except OSError:
            continue
    return ()


def by_terminal(
    logins: tuple[Login, ...], tty: str, pids: tuple[int, ...] = (), before: float | None = None
) -> Login | None:
    """The login on a terminal (pts/0), or that one of these processes leads; the latest, live ones first.

    Terminals are used again: a login later than `before` (seconds since the epoch) is not the one that is asked for.
    """
    fits = [login for login in logins if (tty and login.tty == tty) or login.leader in pids]
    fits = [login for login in fits if before is None or login.at is None or login.at <= before]
    return max(fits, key=lambda login: (not login.ended, login.at or 0.0), default=None)


def past(tty: str, at: float, root: str = "/", window: int = 2 << 20) -> Login | None:
    """The login that was on a terminal at a moment, by the end of /var/log/wtmp: for daemons whose login has ended.

    Reads at most `window` bytes from the end; None where that does not reach back to it, or nobody was there.
    """
    try:
        data = tail(os.path.join(root, "var/log/wtmp"), window)
    except OSError:
        return None
    found = None
    for login in parse_utmp(data):
        if login.tty == tty and (login.at or 0.0) <= at + 1:
            found = None if login.ended else login
    return replace(found, source="wtmp") if found else None


def tail(path: str, window: int) -> bytes:
    """The last bytes of a file from a multiple of both record sizes on (9600 = 25 x 384 = 24 x 400)."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        start = max(0, os.fstat(fd).st_size - window)
        os.lseek(fd, start + -start % 9600, os.SEEK_SET)
        data = piece = os.read(fd, window)
        while piece and len(data) < window:
            piece = os.read(fd, window - len(data))
            data += piece
        return data
    finally:
        os.close(fd)


def terminal(tty_nr: int) -> str:
    """The name of a terminal by its device number, as utmp writes it: pts/3, tty1, ttyS0; "" for none or another."""
    major, minor = os.major(tty_nr), os.minor(tty_nr)
    if 136 <= major <= 143:  # Documentation/admin-guide/devices.txt: Unix98 pty, 256 each
        return f"pts/{(major - 136) * 256 + minor}"
    if major == 4:
        return f"tty{minor}" if minor < 64 else f"ttyS{minor - 64}"
    return ""


def environ(pid: int, proc: str = "/proc") -> tuple[str, str]:
    """The remote address of SSH_CONNECTION and the user of SUDO_USER in a process's environment, each "" if absent.

    Needs the right to trace the process; "" without it. Nothing else of the environment leaves this function.
    """
    try:
        data = slurp(f"{proc}/{pid}/environ", ENVIRON_LIMIT)
    except OSError:
        return "", ""
    connection = _variable(data, b"SSH_CONNECTION").split(" ")
    remote = connection[0] if len(connection) == 4 else ""
    user = _variable(data, b"SUDO_USER")
    return (remote if is_address(remote) else ""), (user if is_user(user) else "")


def _variable(data: bytes, name: bytes) -> str:
    place = (b"\0" + data).find(b"\0" + name + b"=")
    if place < 0:
        return ""
    start = place + len(name) + 1
    return data[start : start + 200].split(b"\0", 1)[0].decode("utf-8", "replace")


def is_address(text: str) -> bool:
    """Whether text is an IPv4 or IPv6 address; a zone (%eth0) may follow."""
    host, percent, zone = text.partition("%")
    if percent and not (zone.isascii() and zone.isprintable() and zone and len(zone) < 16):
        return False
    for family in (_socket.AF_INET, _socket.AF_INET6):
        try:
            _socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return True
    return False


def is_user(text: str) -> bool:
    """Whether text can be a user's name: letters, digits and the marks that directories use, at most 64."""
    return 0 < len(text) <= 64 and all(letter.isalnum() or letter in "._-@$\\+" for letter in text)


def login_uid(pid: int, proc: str = "/proc") -> int | None:
    """The user who logged in, however often sudo was used since (audit's loginuid); None for none or no audit."""
    return _audit(pid, proc, "loginuid")


def audit_session(pid: int, proc: str = "/proc") -> int | None:
    """The number of the login's session, which logind takes for its own where audit runs; None for none."""
    return _audit(pid, proc, "sessionid")


def _audit(pid: int, proc: str, name: str) -> int | None:
    try:
        text = slurp(f"{proc}/{pid}/{name}", 32)
    except OSError:
        return None
    number = int(text[:10]) if text.isdigit() else UNSET
    return None if number == UNSET else number
