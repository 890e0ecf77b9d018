"""A tunnel ends here, and others may come in at this end.

ssh forwards ports (-L, -R, -D) to loopback unless it is told otherwise, so a forward that others reach was opened on
purpose, or with GatewayPorts by whoever came from the other side. chisel, frp, gost and their kin carry the same
through any firewall. What lies at the far end answers as if it stood on this machine.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, by_scope, each_exe, quote, serves_others, who, words
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "forwarder-public",
    "medium",
    "A forwarded port or a tunnelling tool can be reached from other machines.",
    (
        "A jump host whose forwards are its purpose.",
        "A relay that a team set up for its own network, with a rule in its baseline.",
    ),
)
TUNNELS = words(
    "chisel frps frpc gost rathole bore localtunnel inlets inlets-pro ligolo ligolo-ng rsockstun revsocks ssf earthworm"
    " iox nps npc ngrok wstunnel udp2raw iodined dnscat dnstt-server hans ptunnel rinetd redir 6tunnel portfwd"
    " microsocks 3proxy dante sockd danted srelay gsocket gs-netcat pagekite pwncat plink kcptun-server"
)
SESSIONS = frozenset(("sshd", "sshd-session", "dropbear"))


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if not serves_others(opening):
        return
    for owner, group in each_exe(opening.owners):
        how, tool = _how(owner)
        if how:
            yield RULE.reason(
                how,
                f"{who(group)}: {quote(' '.join(owner.cmdline))}",
                f"the login came from {quote(owner.origin.remote)}" if owner.origin and owner.origin.remote else "",
                remedy=f"{tool}; find out who needs it: {ask(opening)}",
                severity=by_scope(opening, RULE.severity),
            )


def _how(owner: Owner) -> tuple[str, str]:
    """What forwards here, as a phrase, and what keeps it to this machine; ("", "") for none."""
    names = owner_names(owner)
    if "ssh" in names or "autossh" in names:
        return "ssh forwards whoever connects to somewhere else", "forward from loopback (ssh -L 127.0.0.1:...)"
    if not SESSIONS.isdisjoint(names) and _is_session(owner):
        return "a login over ssh opened this port for its other end", "set GatewayPorts no in sshd_config"
    if "kubectl" in names and "port-forward" in owner.cmdline:
        return "kubectl forwards whoever connects into the cluster", "leave out --address"
    for name in names:
        if name in TUNNELS:
            return f"{name} forwards whoever connects to somewhere else", "bind it to loopback"
    return "", ""


def _is_session(owner: Owner) -> bool:
    """Whether a process of sshd serves one login: its title is "sshd: ann@pts/0", the listener's names itself."""
    title = " ".join(owner.cmdline)
    return title.startswith(("sshd: ", "sshd-session: ")) and "[listener]" not in title and "sshd: /" not in title
