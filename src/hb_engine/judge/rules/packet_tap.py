"""A process reads packets below every port and firewall rule, and is not one of the programs that are known to.

A packet socket (packet(7)) sees traffic that no listener answers, and a filter in it can wait for one magic packet:
BPFDoor and its kin take orders so, on a machine whose list of ports looks clean. DHCP clients, sniffers and network
daemons do the same honestly; they are known by their package's file, for a name alone can be taken.

It does not last: a rule of the baseline that names the program and its package is what tells an honest reader apart.
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
    "packet-tap",
    "high",
    "A process reads raw packets and is no known sniffer or network daemon.",
    (
        "A network daemon that this list does not know yet.",
        "A monitoring agent of a vendor that comes in no package.",
    ),
)
KNOWN = words(
    # addresses and links
    "dhclient dhcpcd udhcpc udhcpd dhcpd kea-dhcp systemd-networkd networkmanager nm-dhcp-helper connmand hostapd"
    " wpa_supplicant iwd avahi-autoipd zcip lldpd lldpad pppoe pppd rp-pppoe dnsmasq ndppd radvd arping arpwatch"
    # routing, high availability, virtual switches
    " keepalived vrrpd ucarp isisd fabricd bfdd zebra bird ovs-vswitchd openvswitch speaker cilium-agent batctl teamd"
    # watching on purpose
    " tcpdump dumpcap wireshark tshark suricata zeek snort p0f ntopng nprobe darkstat iftop nethogs bandwhich softflowd"
    " fprobe pmacctd argus netsniff-ng ngrep ettercap bettercap nmap masscan zmap hping trafshow vnstatd knockd fwknopd"
    " atop packetbeat crowdsec"
)


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.kind != "tap":
        return
    filtered = "filter" in opening.flags
    for owner, group in each_exe(opening.owners):
        trouble, severity = _trouble(owner, facts.packages_asked, filtered)
        if trouble:
            yield RULE.reason(
                f"reads packets{f' on {opening.interface}' if opening.interface else ''}, {trouble}",
                f"{who(group)} runs {quote(running(owner)) or 'a file that could not be read'}",
                "a filter waits for certain packets" if filtered else "",
                *[quote(note) for note in opening.notes[:4]],
                remedy=f"{ask(opening)}; ss -0 -b -p prints the filter",
                severity=severity,
            )


def _trouble(owner: Owner, packages_asked: bool, filtered: bool) -> tuple[str, str]:
    """What is odd about a reader of packets, and how badly; ("", "") for an honest one."""
    known = not KNOWN.isdisjoint(owner_names(owner))
    if owner.exe_state in ("deleted", "memfd"):
        return "from a file that is not on disk", "high"
    if _unpackaged(owner, packages_asked):
        return ("under a known name, from no package" if known else "from no package"), "high"
    if known:
        return "", ""
    return "and is no known sniffer", "medium" if filtered else "low"


def _unpackaged(owner: Owner, packages_asked: bool) -> bool:
    """Whether the program, or the script that an interpreter runs, is known to be in no package."""
    if not packages_asked or owner.container or not is_file(owner) or is_managed(running(owner)):
        return False
    return owner.package is None or bool(owner.script and not owner.script_package)
