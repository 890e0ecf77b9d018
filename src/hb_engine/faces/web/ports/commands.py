"""How to find out by oneself, and how to close it: exact commands for one port, each with what its answer means.

Every command speaks of both address families where its program can. Those that this system has are run against real
sockets by the tests. A command that changes something is set apart, names its undoing, and is never run from here.
"""

from __future__ import annotations

from hb_engine.faces.web.language import Language, mark
from hb_engine.model.record import record

EXAMPLE = "192.0.2.10"  # RFC 5737: for documentation
HTTP = ("http", "http-alt", "www", "www-http", "webcache", "http-mgmt", "http-rpc-epmap", "http-wmap")
TLS = (
    *("https", "imaps", "pop3s", "ldaps", "submissions", "ircs-u", "ftps", "ftps-data", "nntps", "sips", "domain-s"),
    *("secure-mqtt", "amqps", "telnets", "syslog-tls", "docker-s", "https-alt", "pcsync-https", "xmpps-client"),
    *("tungsten-https", "wsmans", "radsec", "netconf-tls"),
)
WEB_TLS = ("https", "https-alt", "pcsync-https", "tungsten-https", "wsmans")
FIRST = ("linux", "outside", "stop")
LOWEST_TAKEN = 1024  # Windows takes its ranges away from here on


@record
class Command:
    """Commands with the same meaning, and what their answers mean."""

    texts: tuple[str, ...]
    means: str


@record
class Commands:
    """Commands of one system, under its name; `first` are the ones that a reader sees without opening them."""

    id: str
    name: str
    commands: tuple[Command, ...]
    first: bool = False


@record
class Asked:
    """What commands are about: a port, its transports, an address to ask, what is registered, and a unit that holds it
    on this machine ("" where none does)."""

    port: int
    transports: tuple[str, ...]
    host: str = EXAMPLE
    names: tuple[str, ...] = ()
    unit: str = ""

    def has(self, transport: str) -> bool:
        """Whether a transport is asked about."""
        return transport in self.transports


def checks(asked: Asked, spoken: Language) -> tuple[Commands, ...]:
    """Commands that look, on the machine itself and from another one. None for port 0: nothing can listen there."""
    if asked.port == 0:
        return ()
    found = (
        ("linux", "Linux", _linux(asked)),
        ("macos", "macOS", _macos(asked)),
        ("windows", spoken.say("Windows, in PowerShell"), _windows(asked)),
        ("outside", spoken.say("From another machine"), _outside(asked)),
    )
    return _said(found, spoken)


def closing(asked: Asked, spoken: Language) -> tuple[Commands, ...]:
    """Commands that close it, and what undoes them; for tcp and udp only."""
    if asked.port == 0 or not (asked.has("tcp") or asked.has("udp")):
        return ()
    found = (
        ("stop", spoken.say("Stop what holds it"), _stop(asked)),
        ("nftables", "nftables", _nftables(asked)),
        ("ufw", "ufw", _ufw(asked)),
        ("firewalld", "firewalld", _firewalld(asked)),
        ("pf", spoken.say("pf of macOS"), _pf(asked)),
        ("netsh", spoken.say("Windows, as administrator"), _netsh(asked)),
    )
    return _said(found, spoken)


def _said(found: tuple[tuple[str, str, list[tuple[str, str]]], ...], spoken: Language) -> tuple[Commands, ...]:
    return tuple([Commands(ident, name, _merged(told, spoken), ident in FIRST) for ident, name, told in found if told])


def _merged(told: list[tuple[str, str]], spoken: Language) -> tuple[Command, ...]:
    by: dict[str, tuple[str, ...]] = {}
    for text, means in told:
        by[means] = (*by.get(means, ()), text)
    return tuple([Command(texts, spoken.say(means)) for means, texts in by.items()])


# -- on the machine itself

SS = mark("Prints nothing where nothing listens. As root it names the processes, too.")
LSOF = mark("A line for each process that listens. Without root it shows your own processes only.")
LSOF_UDP = mark("A line for each process that has the port. UDP has no listening: whoever is bound gets what arrives.")
FUSER = mark("Process numbers and users, of every address of the machine.")
NFT = mark("Rules that name the port. A rule for a range or for every port does not show here: read the whole list.")
HB = mark("Who holds it, how it was started, how far it reaches, and what the baseline says.")
NETSTAT_MAC = mark(
    "The port stands after the last dot of the local address. The process number is among the last columns."
)
PFCTL = mark("Rules of the packet filter that name the port. No line means that pf does not speak of it.")
WINDOWS_TCP = mark("An error that nothing was found means that nothing listens. OwningProcess is the process's number.")
WINDOWS_UDP = mark("An error that nothing was found means that no process has the port.")
WINDOWS_NAME = mark(
    'As administrator: the line below each one is the program. "Can not obtain" is the kernel, such as http.sys.'
)
EXCLUDED = mark(
    "Where the port lies in one of these ranges nobody may listen on it, and error 10013 comes without a listener."
)


def _linux(asked: Asked) -> list[tuple[str, str]]:
    port, told = asked.port, []
    flags = "".join([letter for name, letter in (("tcp", "t"), ("udp", "u")) if asked.has(name)])
    if asked.has("sctp") and not flags:
        told.append((f"sudo ss -HlnSp 'sport = :{port}'", SS))
    elif flags:
        told.append((f"sudo ss -Hln{flags}p 'sport = :{port}'", SS))
    if asked.has("tcp"):
        told.append((f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN", LSOF))
    if asked.has("udp"):
        told.append((f"sudo lsof -nP -iUDP:{port}", LSOF_UDP))
    places = " ".join([f"{port}/{name}" for name in ("tcp", "udp") if asked.has(name)])
    if places:
        told.append((f"sudo fuser -v {places}", FUSER))
        told.append((f"sudo nft list ruleset | grep -nw {port}", NFT))
    only = asked.transports[0] if len(asked.transports) == 1 else ""
    told.append((f"sudo hb why {only}/{port}" if only else f"sudo hb why {port}", HB))
    return told


def _macos(asked: Asked) -> list[tuple[str, str]]:
    port, told = asked.port, []
    if asked.has("tcp"):
        told.append((f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN", LSOF))
        told.append((f"netstat -anv -p tcp | grep -E '[.]{port} .*LISTEN'", NETSTAT_MAC))
    if asked.has("udp"):
        told.append((f"sudo lsof -nP -iUDP:{port}", LSOF_UDP))
        told.append((f"netstat -anv -p udp | grep -E '[.]{port} '", NETSTAT_MAC))
    if told:
        told.append((f"sudo pfctl -sr | grep -w {port}", PFCTL))
    return told


def _windows(asked: Asked) -> list[tuple[str, str]]:
    port, told = asked.port, []
    if asked.has("tcp"):
        told.append((f"Get-NetTCPConnection -State Listen -LocalPort {port}", WINDOWS_TCP))
    if asked.has("udp"):
        told.append((f"Get-NetUDPEndpoint -LocalPort {port}", WINDOWS_UDP))
    if told:
        told.append((f"netstat -abno | Select-String ':{port} ' -Context 0,1", WINDOWS_NAME))
    if port >= LOWEST_TAKEN:
        told += [
            (f"netsh int ipv4 show excludedportrange protocol={name}", EXCLUDED)
            for name in ("tcp", "udp")
            if asked.has(name)
        ]
    return told


# -- from another machine

NMAP_TCP = mark(
    "open: something answers. closed: the machine answers that nothing does. filtered: no answer, as behind a firewall."
)
NMAP_UDP = mark(
    "open: something answered. closed: the machine refused. open|filtered: no answer, which tells nothing. Needs root."
)
NMAP_SCTP = mark("open: something answers. closed: the machine refuses. filtered: no answer. Needs root.")
NC_TCP = mark("succeeded or open: something listens. refused: nothing does. A timeout: a firewall, or no machine.")
NC_UDP = mark("Only a refusal tells something: success is what nc says of silence, too.")
TEST = mark("TcpTestSucceeded: True where something listens and nothing is in the way.")
CURL = mark("Registered for the web: the first lines of the answer say what serves there.")
OPENSSL = mark("Registered with TLS: shows the certificate and the version that is spoken.")
SCAN = mark("What answers, what really speaks there, and whether that is what is registered.")


def _outside(asked: Asked) -> list[tuple[str, str]]:
    port, host, told = asked.port, asked.host, []
    if asked.has("tcp"):
        told += [(f"nmap -Pn -sV -p {port} {host}", NMAP_TCP), (f"nc -vz -w 3 {host} {port}", NC_TCP)]
        told += [(f"Test-NetConnection {host} -Port {port}", TEST)]
        told += _speaking(asked)
        told.append((f"hb scan {host} -p {port}", SCAN))
    if asked.has("udp"):
        told += [(f"sudo nmap -Pn -sU -sV -p {port} {host}", NMAP_UDP), (f"nc -vzu -w 3 {host} {port}", NC_UDP)]
        told.append((f"sudo hb scan {host} -u {port}", SCAN))
    if asked.has("sctp") and not asked.has("tcp"):
        told.append((f"sudo nmap -Pn -sY -p {port} {host}", NMAP_SCTP))
    return told


def _speaking(asked: Asked) -> list[tuple[str, str]]:
    """For services of the web and of TLS, by their registered names."""
    told, at = [], f"{asked.host}:{asked.port}"
    tls = any(name in TLS for name in asked.names)
    if any(name in HTTP or name in WEB_TLS for name in asked.names):
        told.append((f"curl -vk -m 10 {'https' if tls else 'http'}://{at}/ -o /dev/null", CURL))
    if tls:
        told.append((f"openssl s_client -connect {at} </dev/null", OPENSSL))
    return told


# -- closing it

STOP = mark(
    "Stops it now and at the next start: what does not run cannot be reached. A .socket or .timer unit of its name "
    "would start it again: stop that, too."
)
NFT_DROP = mark(
    "Drops what comes new from other machines, over IPv4 and IPv6, before Docker's forwarding sees it. Connections "
    "that stand stay, and so does this machine's own use. It is gone after a restart."
)
UNDO = mark("Undoes it.")
UFW = mark("For IPv4 and IPv6, before other rules. Ports that Docker publishes pass ufw by: use nftables for those.")
FIREWALLD = mark("For IPv4 and IPv6, until the next reload; with --permanent and --reload for good.")
PF = mark("Puts a rule into a place of its own, for IPv4 and IPv6; the second command makes sure that pf is on.")
NETSH = mark("For IPv4 and IPv6. A rule that blocks wins over one that allows.")


def _two(asked: Asked) -> list[str]:
    return [name for name in ("tcp", "udp") if asked.has(name)]


def _stop(asked: Asked) -> list[tuple[str, str]]:
    return [(f"sudo systemctl disable --now {asked.unit}", STOP)] if asked.unit else []


def _nftables(asked: Asked) -> list[tuple[str, str]]:
    port = asked.port
    rules = " ".join([f'iifname != "lo" ct state new {name} dport {port} drop;' for name in _two(asked)])
    chain = f"chain in {{ type filter hook prerouting priority mangle; {rules} }};"
    return [
        (f"sudo nft 'table inet hb_{port} {{ {chain} }}'", NFT_DROP),
        (f"sudo nft delete table inet hb_{port}", UNDO),
    ]


def _ufw(asked: Asked) -> list[tuple[str, str]]:
    two = _two(asked)
    place = f"{asked.port}" if len(two) == 2 else f"{asked.port}/{two[0]}"
    return [(f"sudo ufw prepend deny {place}", UFW), (f"sudo ufw delete deny {place}", UNDO)]


def _firewalld(asked: Asked) -> list[tuple[str, str]]:
    rule = 'rule priority="-100" port port="{}" protocol="{}" drop'
    return [(f"sudo firewall-cmd --add-rich-rule='{rule.format(asked.port, name)}'", FIREWALLD) for name in _two(asked)]


def _pf(asked: Asked) -> list[tuple[str, str]]:
    two = _two(asked)
    protocols = f"{{ {', '.join(two)} }}" if len(two) > 1 else two[0]
    rule = f"block drop in quick proto {protocols} from any to any port {asked.port}"
    return [(f"echo '{rule}' | sudo pfctl -a com.apple/hb -f - ; sudo pfctl -E", PF)]


def _netsh(asked: Asked) -> list[tuple[str, str]]:
    return [
        (
            (
                f'netsh advfirewall firewall add rule name="hb {asked.port} {name}" dir=in action=block '
                f"protocol={name.upper()} localport={asked.port}"
            ),
            NETSH,
        )
        for name in _two(asked)
    ]
