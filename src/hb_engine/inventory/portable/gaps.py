"""What each system does not show through psutil, why, and which of its own tools does.

A gap is said whenever it applies, found or not: on macOS and Windows most of what is missing leaves no trace that hb
could notice. The words are for a person who has that system in front of them.
"""

from __future__ import annotations

from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.portable.recording import Recording

EVERYWHERE = (
    Gap(
        "packages, and whether programs were changed",
        "psutil does not know them",
        "see the signature: {signature}",
        "owners pkg signed unit cgroup container image script",
    ),
    Gap(
        "raw and packet sockets, tunnels and packet filters",
        "psutil lists TCP and UDP only",
        "{raw}",
        "udplite sctp dccp raw packet vsock forward redirect tap tunnel kernel bpf",
    ),
    Gap(
        "whether UDP and TCP ports were asked for or chosen by the system",
        "the system does not tell",
        "{autobound}",
        "ephemeral",
    ),
    Gap("what the firewall lets in", "it is not asked here", "{firewall}", "facts"),
)
WORDS = {
    "darwin": {
        "signature": "codesign -dv --verbose=2 FILE; pkgutil --file-info FILE",
        "raw": "sudo lsof -nP +c0 | grep -e /dev/bpf -e ndrv -e utun",
        "autobound": "look twice: a port that stays was asked for",
        "firewall": "/usr/libexec/ApplicationFirewall/socketfilterfw --listapps; sudo pfctl -s rules",
    },
    "windows": {
        "signature": "Get-AuthenticodeSignature FILE",
        "raw": "Get-NetAdapterBinding; pktmon list; driverquery /v",
        "autobound": "look twice: a port that stays was asked for",
        "firewall": "Get-NetFirewallRule -Enabled True -Direction Inbound -Action Allow",
    },
    "linux": {
        "signature": "dpkg --verify or rpm -V",
        "raw": "use hb's own collector for Linux; ss -0 -w",
        "autobound": "use hb's own collector for Linux",
        "firewall": "nft list ruleset",
    },
}
DARWIN = (
    Gap(
        "what launchd and pf take in for others",
        "sockets on demand belong to launchd until the first connection, and pf's redirects have no socket",
        "sudo launchctl print system; sudo pfctl -s nat",
        "activation forward redirect",
    ),
    Gap(
        "which container is behind a forwarded port",
        "Docker, colima and Lima forward from a virtual machine through one process of their own",
        "docker ps --format '{{.Names}} {{.Ports}}'",
        "owners",
    ),
)
WINDOWS = (
    Gap(
        "whether [::] alone takes IPv4 too",
        "Windows does not tell the option IPV6_V6ONLY of other processes' sockets",
        "Test-NetConnection 127.0.0.1 -Port N",
        "facts",
    ),
    Gap(
        "whether the named process still holds the socket",
        "Windows names the process that created it; handles are inherited, and numbers are used again",
        "Get-NetTCPConnection -State Listen | select LocalPort, OwningProcess, CreationTime",
        "owners",
    ),
    Gap(
        "forwards and translations",
        "portproxy, WinNAT, WSL and Docker forward without a socket of the service's own",
        "netsh interface portproxy show all; Get-NetNatStaticMapping; wsl hostname -I",
        "forward redirect",
    ),
    Gap(
        "programs behind HTTP.sys",
        "the kernel listens for them, as pid 4",
        "netsh http show servicestate view=requestq",
        "owners",
    ),
    Gap(
        "ports that are set aside",
        "excluded ranges refuse a bind without a socket that shows it",
        "netsh interface ipv4 show excludedportrange protocol=tcp",
        "facts",
    ),
)
LINUX = (Gap("other network namespaces", "psutil lists its own", "use hb's own collector for Linux", "netns"),)
OF = {"darwin": DARWIN, "windows": WINDOWS, "linux": LINUX}


def gaps_of(recording: Recording) -> tuple[Gap, ...]:
    """All that a look through psutil at this system did not show; what was denied comes first."""
    words = WORDS[recording.system]
    common = [Gap(gap.what, gap.why, gap.remedy.format(**words), gap.about) for gap in EVERYWHERE]
    return (*_denied(recording), *_range(recording), *OF[recording.system], *common)


def _denied(recording: Recording) -> tuple[Gap, ...]:
    """What rights would show."""
    gaps = []
    if recording.denied:
        count = len(recording.denied)
        gaps.append(
            Gap(
                f"the sockets of {count} process{'es' if count != 1 else ''} of other users",
                "the system shows a process's descriptors to its own user and to root only",
                "sudo hb; without rights netstat -anv lists all sockets with their processes",
                "any",
            )
        )
    if recording.system == "windows" and not recording.privileged:
        gaps.append(
            Gap(
                "users and command lines of other users' processes",
                "Windows shows them to administrators",
                "run hb from an elevated prompt",
                "owners",
            )
        )
    if recording.system == "linux" and not recording.privileged:
        gaps.append(Gap("owners of other users' sockets", "/proc hides their descriptors", "run hb as root", "owners"))
    return tuple(gaps)


def _range(recording: Recording) -> tuple[Gap, ...]:
    if recording.ephemeral is not None:
        return ()
    return (
        Gap(
            "the range of outgoing ports",
            "the system did not tell it",
            "macOS: sysctl net.inet.ip.portrange; Windows: netsh int ipv4 show dynamicport tcp",
            "ephemeral",
        ),
    )
