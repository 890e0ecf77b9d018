"""A process reads whole IP packets of a protocol, past every port, and is not one of the programs that are known to.

A raw socket (raw(7)) gets a copy of what arrives, whether or not anybody listens: orders can be hidden in pings, and
answers in pings go out through most firewalls. ping, routing daemons and address configuration do the same honestly.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, is_file, quote, running, who, words
from hb_engine.judge.naming import owner_names
from hb_engine.judge.places import is_managed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "raw-socket",
    "medium",
    "A process reads raw IP packets and is no known tool or network daemon.",
    (
        "A network daemon or a monitoring agent that this list does not know yet.",
        "A program of one's own that sends pings.",
    ),
)
KNOWN = words(
    # asking whether hosts are there
    "ping ping4 ping6 fping hping nping nmap masscan zmap arping oping noping smokeping mtr mtr-packet traceroute"
    " traceroute6 tracepath tcptraceroute lft check_icmp check_ping check_host gatus blackbox_exporter"
    " prometheus-blackbox-exporter smokeping_prober telegraf monit uptime-kuma netdata zabbix_server zabbix_proxy"
    # addresses and neighbours
    " systemd-networkd systemd-network networkmanager connmand dhclient dhcpcd udhcpc udhcpd dhcpd kea-dhcp dnsmasq"
    " radvd rdisc6 ndisc6 rdnssd rtadvd ndppd odhcpd odhcp6c slaacd avahi-autoipd iwd"
    # routing and high availability
    " keepalived vrrpd ucarp bird bird6 ospfd ospf6d ospfapi pimd pim6d ripd ripngd eigrpd isisd nhrpd zebra babeld"
    " bfdd ldpd mrouted igmpproxy smcroute smcrouted omcproxy mcproxy olsrd gobgpd speaker cilium-agent"
    " calico-node corosync"
    # tunnels
    " pptpd pptp pppd xl2tpd charon charon-systemd pluto racoon iked tailscaled zerotier-one hans"
    " icmptunnel ptunnel ptunnel-ng"
    # watching on purpose
    " tcpdump dumpcap suricata zeek snort iptraf iptraf-ng ulogd"
)
TUNNELS = frozenset(("hans", "icmptunnel", "ptunnel", "ptunnel-ng"))


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.transport != "raw":
        return
    what = f"{opening.protocol} packets" if opening.protocol else "raw packets"
    for owner, group in each_exe(opening.owners):
        trouble, severity = _trouble(owner, facts.packages_asked)
        if trouble:
            yield RULE.reason(
                f"reads {what}, {trouble}",
                f"{who(group)} runs {quote(running(owner)) or 'a file that could not be read'}",
                *[quote(note) for note in opening.notes[:4]],
                remedy=f"find out what it is for: {ask(opening)}; ss -w -a -p lists the others of its kind",
                severity=severity,
            )


def _trouble(owner: Owner, packages_asked: bool) -> tuple[str, str]:
    """What is odd about a reader of raw packets, and how badly; ("", "") for an honest one."""
    names = owner_names(owner)
    if owner.exe_state in ("deleted", "memfd"):
        return "from a file that is not on disk", "high"
    if not TUNNELS.isdisjoint(names):
        return f"as {names[0]} does to carry other traffic in pings", "medium"
    if _unpackaged(owner, packages_asked):
        return "from no package", "medium"
    return ("", "") if not KNOWN.isdisjoint(names) else ("and is no known tool", "info")


def _unpackaged(owner: Owner, packages_asked: bool) -> bool:
    """Whether the program, or the script that an interpreter runs, is known to be in no package."""
    if not packages_asked or owner.container or not is_file(owner) or is_managed(running(owner)):
        return False
    script = owner.script or ""
    return owner.package is None or (script.startswith("/") and not owner.script_package)
