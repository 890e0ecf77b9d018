"""BPF programs that decide who gets what comes in: sk_lookup chooses a socket for ports that nobody is bound to.

Such a program takes connections on ports of its own choosing, and no list of sockets shows which. It is told as an
opening of the kernel's, without a port. Programs on devices (XDP, tcx, netkit) may lead packets elsewhere before there
is any port: what they do is in their code, so that they are there is told as a gap. Listing needs CAP_SYS_ADMIN, and
costs one call where there is none. Programs attached by tc(8) or ip(8) of before links are not seen.

Sources: bpf(2); include/uapi/linux/bpf.h (BPF_LINK_GET_NEXT_ID, struct bpf_link_info, struct bpf_prog_info).
"""

from __future__ import annotations

import os
from struct import Struct

from hb_engine.inventory.linux import syscalls
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[[int, bytes, bytearray | None], bytes]

PROG_FD_BY_ID, INFO_BY_FD, LINK_FD_BY_ID, LINK_NEXT_ID = 13, 15, 30, 31
NETNS, SK_LOOKUP = 5, 36  # BPF_LINK_TYPE_NETNS, BPF_SK_LOOKUP
DEVICES = {6: "XDP", 11: "tcx", 13: "netkit"}  # BPF_LINK_TYPE_* of programs on devices
MOST = 10_000  # links; a machine with Cilium has some hundred
SOURCE = "bpf links"
SWITCH = "HB_BPF"
_ID, _LINK, _PROGRAM = Struct("=II"), Struct("=III4xII"), Struct("=48xI12x16s")
_INFO = Struct("=IIQ")  # descriptor, size of what is pointed at, pointer
_ROOM = 256


@record
class Link:
    """A program that is attached: its kind (sk_lookup, XDP ...), the inode of its namespace (sk_lookup's), its name."""

    kind: str
    netns: int
    name: str
    uid: int


def look(ask: Ask | None = None) -> tuple[tuple[Link, ...], tuple[Gap, ...], tuple[str, ...]]:
    """The programs that decide about what comes in, what may not be listed, and what was asked. Nothing is raised."""
    if os.environ.get(SWITCH) == "no":
        return (), (_refused(f"BPF is switched off by {SWITCH}=no", f"unset {SWITCH}"),), ()
    try:
        found = tuple(_links(ask or _asked))
    except OSError as error:
        return (), (_refused(f"the kernel does not list them: {error.strerror}", "run hb as root"),), ()
    devices = sorted({one.kind for one in found if one.kind in DEVICES.values()})
    gaps: tuple[Gap, ...] = ()
    if devices:
        what = f"what programs of BPF on devices ({', '.join(devices)}) do with what comes in"
        gaps = (Gap(what, "only their code says", "bpftool net shows them", "redirect forward bpf"),)
    return found, gaps, (SOURCE,)


def openings(links: tuple[Link, ...], names: dict[int, Netns]) -> list[Opening]:
    """The programs that choose sockets, as openings of the kernel's, in the namespaces that they are attached to."""
    return [
        Opening(
            kind="bpf",
            transport=transport,
            port=None,
            addresses=("0.0.0.0", "::"),  # noqa: S104 -- nothing is bound here
            families=("ipv4", "ipv6"),
            scope="public",
            netns=names.get(link.netns) or Netns(link.netns, "", "private"),
            unowned=Unowned("kernel", f"BPF {link.kind} {link.name}".strip()),
            notes=(
                f"a BPF program, loaded by uid {link.uid}, chooses the socket of what comes in, on ports of its own",
            ),
            protocol=link.kind,
        )
        for link in links
        if link.kind == "sk_lookup"
        for transport in ("tcp", "udp")
    ]


def _refused(why: str, remedy: str) -> Gap:
    return Gap("programs of BPF that choose who gets a connection", why, remedy, "bpf")


def _links(ask: Ask) -> Iterator[Link]:
    """Every link that matters here; one that goes meanwhile is no error. Raises OSError where none may be listed."""
    number = 0
    for _ in range(MOST):
        try:
            number = _ID.unpack_from(ask(LINK_NEXT_ID, _ID.pack(number, 0) + bytes(8), None))[1]
        except FileNotFoundError:
            return
        try:
            link = _link(ask, number)
        except FileNotFoundError:
            continue
        if link:
            yield link


def _link(ask: Ask, number: int) -> Link | None:
    kind, _, program, first, second = _LINK.unpack_from(_info(ask, LINK_FD_BY_ID, number))
    if kind in DEVICES:
        return Link(DEVICES[kind], 0, "", 0)
    if kind != NETNS or second != SK_LOOKUP:
        return None
    uid, name = _PROGRAM.unpack_from(_info(ask, PROG_FD_BY_ID, program))
    return Link("sk_lookup", first, name.split(b"\0")[0].decode("utf-8", "replace"), uid)


def _info(ask: Ask, opener: int, number: int) -> bytes:
    """What the kernel says of an object by its number."""
    fd = _ID.unpack_from(ask(opener, _ID.pack(number, 0) + bytes(8), None))[0]
    room = bytearray(_ROOM)
    try:
        ask(INFO_BY_FD, _INFO.pack(fd, _ROOM, 0), room)
    finally:
        os.close(fd)
    return bytes(room)


def _asked(command: int, attr: bytes, info: bytearray | None) -> bytes:
    """Ask bpf(2); a descriptor, which is what the call itself returns, is put where the answer begins."""
    if command in (LINK_FD_BY_ID, PROG_FD_BY_ID):
        return _ID.pack(syscalls.bpf(command, attr), 0)
    return syscalls.bpf_answer(command, attr, info)
