"""Whether a network namespace has rules that may lead what comes in elsewhere, and if so, what they do.

nf_tables is asked by netlink, in each namespace; iptables' old tables only where they are there at all, by the program
that lists them. Rules for what this machine sends itself (the hook output) are no way in, and are left out. Most
namespaces have no rules: those cost one question.

Without rights, and where a rule is not understood, there is a gap, never silence. IPVS and programs of BPF have ways of
their own, which are not read here; where IPVS has a table that is a gap too.
"""

from __future__ import annotations

import errno
import os

from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.model.inventory import Gap
from hb_engine.model.record import record
from hb_engine.wire import nfnetlink
from hb_engine.wire.netlink import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.inventory.linux.nat_rules import Way  # noqa: TC004 -- records keep annotations as text

    Told = tuple[tuple[Way, ...], tuple[Gap, ...], tuple[str, ...]]

ABOUT = "redirect forward"
HERE = "/proc/thread-self/net"
SOURCE = "nf_tables"
MODULE, MODULES, LIBRARY = "/sys/module/nf_tables", "/proc/modules", "/lib/modules"
OLD = ("ip_tables_names", "ip6_tables_names")  # below /proc/net: the old tables that are there
IPVS = "ip_vs"  # the same: its virtual services
REMEDY = "run hb as root"
_NOT_THERE = (errno.EOPNOTSUPP, errno.EPROTONOSUPPORT, errno.EINVAL)


@record
class Ruled:
    """What the rules of one namespace do: ways in, what was not understood or not seen, and what was asked."""

    ways: tuple[Way, ...] = ()
    gaps: tuple[Gap, ...] = ()
    sources: tuple[str, ...] = ()


def look(root: str = HERE, opener: Callable[[], Netlink] | None = None) -> Ruled:
    """The ways that the rules of the calling thread's namespace open. `root` is the folder of its /proc/net.

    What could not be seen is in the gaps; nothing is raised.
    """
    ways, gaps, sources = _new_tables(opener) if opener or loads_nothing() else ((), (), ())
    if _names(root):
        from hb_engine.inventory.linux import old_tables  # where iptables' old tables are in use

        old = old_tables.look(root)
        ways, gaps, sources = (*ways, *old.ways), (*gaps, *old.gaps), (*sources, *old.sources)
    if os.path.exists(f"{root}/{IPVS}"):
        what = "ports that IPVS balances over other machines"
        gaps = (*gaps, Gap(what, f"hb does not read {root}/{IPVS}", "ipvsadm -Ln shows them", ABOUT))
    return Ruled(ways, gaps, sources)


def loads_nothing(module: str = MODULE, modules: str = MODULES, library: str = LIBRARY) -> bool:
    """Whether nf_tables can be asked without the kernel loading it for us: it is there, or no module can be loaded."""
    if os.path.exists(module) or not os.path.exists(modules):
        return True
    folder = os.path.join(library, os.uname().release)
    try:
        with open(os.path.join(folder, "modules.builtin"), "rb") as lines:
            return b"/nf_tables.ko" in lines.read(1 << 20)
    except OSError:
        return not os.path.exists(folder)


def _names(root: str) -> bool:
    """Whether there are old tables; True where that may not be read, so that somebody says so."""
    for file in OLD:
        try:
            fd = os.open(f"{root}/{file}", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            if os.read(fd, 64):
                return True
        finally:
            os.close(fd)
    return False


def _new_tables(opener: Callable[[], Netlink] | None) -> Told:
    try:
        with opener() if opener else Netlink(nfnetlink.NETFILTER) as kernel:
            if not kernel.messages(nfnetlink.tables_request, nfnetlink.NEWTABLE):
                return (), (), (SOURCE,)
            from hb_engine.inventory.linux import redirects  # most namespaces have no rules

            ways, gaps = redirects.ask(kernel)
    except Refused as error:
        return (), _refused(error.code), ()
    except (CannotLook, Truncated) as error:
        return (), (Gap("redirects and forwards of nf_tables", error.message, error.remedy or REMEDY, ABOUT),), ()
    return ways, gaps, (SOURCE,)


def _refused(code: int) -> tuple[Gap, ...]:
    """A kernel without nf_tables has no rules either; any other refusal hides them."""
    if code in _NOT_THERE:
        return ()
    why = f"the kernel does not tell its rules: {os.strerror(code)}"
    return (Gap("redirects and forwards of the firewall", why, f"{REMEDY}, or give it CAP_NET_ADMIN", ABOUT),)
