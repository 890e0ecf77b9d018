"""What machine this is, and what hb may do on it.

The machine is known by a digest of its machine-id, never by the id itself: machine-id(5) wants it hashed with a key of
the application, so that two programs' records cannot be joined by it. Nothing here is asked of the network.

Sources: machine-id(5), os-release(5), proc_sys_net(5), rtnetlink(7).
"""

from __future__ import annotations

import _socket
import os
import time

from hb_engine.model.endpoint import scope_of
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.kernel.netlink import Netlink

CAPABILITIES = {"CAP_DAC_READ_SEARCH": 2, "CAP_NET_ADMIN": 12, "CAP_SYS_PTRACE": 19, "CAP_SYS_ADMIN": 21}
LIMIT = 65536  # bytes of any file that is read here
APPLICATION = bytes.fromhex("5b8f2f0d9c3a4e718d0c6a41e7f2b953")  # hb's key for machine-id(5); it never changes
BLOCK = 64  # bytes of SHA-256's block (FIPS 180-4)
MACHINE_IDS = ("etc/machine-id", "var/lib/dbus/machine-id")  # the second where there is no systemd
RANGE = "proc/sys/net/ipv4/ip_local_port_range"
NEEDED = ("CAP_DAC_READ_SEARCH", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN")  # for other users' files, descriptors, namespaces


def host(root: str = "/") -> Host:
    """Name, system, kernel, what it is known by, and its addresses; "" or nothing for what cannot be read."""
    system = os.uname()
    release = _os_release(root)
    return Host(
        name=system.nodename,
        system=release.get("PRETTY_NAME") or system.sysname,
        kernel=system.release,
        boot_id=_line(os.path.join(root, "proc/sys/kernel/random/boot_id")),
        machine=_machine(root),
        os="-".join([part for part in (release.get("ID"), release.get("VERSION_ID")) if part]),
        addresses=addresses(),
        local_ports=_local_ports(root),
    )


def addresses(opener: Callable[[], Netlink] | None = None) -> tuple[str, ...]:
    """This namespace's own addresses as text, each once, without loopback; those of a link alone come last.

    () where the kernel may not be asked: then no role is chosen by them.
    """
    from hb_engine.kernel.netlink import Netlink  # already loaded by the look at the sockets
    from hb_engine.wire import netlink, rtnetlink

    try:
        with opener() if opener else Netlink(netlink.ROUTE) as kernel:
            bodies = kernel.messages(rtnetlink.addresses_request, rtnetlink.NEWADDR)
            packed = dict.fromkeys([found.address for body in bodies if (found := rtnetlink.address(body))])
    except CannotLook:
        return ()
    scopes = {one: scope_of(one) for one in packed}
    told = sorted([one for one, scope in scopes.items() if scope != "loopback"], key=lambda one: scopes[one] == "link")
    return tuple([_socket.inet_ntop(_socket.AF_INET if len(one) == 4 else _socket.AF_INET6, one) for one in told])


def missing_capabilities(status: str = "/proc/self/status") -> tuple[str, ...]:
    """Which of the capabilities that a full look needs hb does not have. Raises nothing: unreadable means none."""
    try:
        text = _read(status)
    except OSError:
        return NEEDED
    at = text.find(b"\nCapEff:")
    held = int(text[at + 8 : at + 32].split()[0], 16) if at >= 0 else 0
    return tuple(name for name in NEEDED if not held >> CAPABILITIES[name] & 1)


def threads() -> int:
    """How many threads there are on the whole machine, by /proc/loadavg; -1 where that cannot be read."""
    try:
        return int(_read("/proc/loadavg").split()[3].partition(b"/")[2])
    except (OSError, IndexError, ValueError):
        return -1


def owner_of(pid: int) -> int | None:
    """The user that a process runs as, by its folder in /proc; None when it is gone."""
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None


def now() -> float:
    """Seconds since the epoch."""
    return time.time()


def _os_release(root: str) -> dict[str, str]:
    """The assignments of os-release(5), without their quotes."""
    for path in ("etc/os-release", "usr/lib/os-release"):
        try:
            text = _read(os.path.join(root, path)).decode("utf-8", "replace")
        except OSError:
            continue
        pairs = [line.partition("=") for line in text.splitlines()]
        return {name: value.strip("\"' ") for name, _, value in pairs}
    return {}


def _machine(root: str) -> str:
    """16 hexadecimal digits that stay for as long as the installation; "" before machine-id(5) is set."""
    for path in MACHINE_IDS:
        identifier = _line(os.path.join(root, path))
        if len(identifier) == 32 and all(letter in "0123456789abcdef" for letter in identifier):
            return keyed(APPLICATION, bytes.fromhex(identifier)).hex()[:16]
    return ""


def keyed(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) with a key of at most 64 bytes; hmac and hashlib would cost 4 ms of every look."""
    try:
        from _sha2 import sha256  # type: ignore[import-not-found, unused-ignore]  # since Python 3.12
    except ImportError:
        try:
            from _sha256 import sha256  # type: ignore[import-not-found, unused-ignore]
        except ImportError:  # a Python built without its own
            from hashlib import sha256
    padded = key.ljust(BLOCK, b"\0")
    inner = sha256(bytes([byte ^ 0x36 for byte in padded]) + message).digest()
    digest: bytes = sha256(bytes([byte ^ 0x5C for byte in padded]) + inner).digest()
    return digest


def _local_ports(root: str) -> tuple[int, int] | None:
    """The ports that the kernel chooses from: two numbers."""
    words = _line(os.path.join(root, RANGE)).split()
    if len(words) != 2 or not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        return None
    first, last = int(words[0]), int(words[1])
    return (first, last) if 0 < first <= last < 65536 else None


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read(LIMIT) or b""


def _line(path: str) -> str:
    try:
        return _read(path).decode("utf-8", "replace").strip()
    except OSError:
        return ""
