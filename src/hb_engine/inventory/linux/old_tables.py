"""iptables' own tables, of before nf_tables: read only where the kernel says that there are any.

Their binary form differs from kernel to kernel, so the program that knows it lists them, with fixed words and nothing
of a stranger's. What it prints is text for iptables-restore(8); the few words that choose a port or lead elsewhere are
understood, every other condition is kept by its name. Without the program, or the right to run it, there is a gap.

Sources: iptables-save(8), iptables-extensions(8); net/ipv4/netfilter/ip_tables.c (ip_tables_names).
"""

from __future__ import annotations

import _socket
import os

from hb_engine.inventory.linux.nat_match import Match, further, narrowed_ports, others, transported
from hb_engine.inventory.linux.nat_rules import Way
from hb_engine.model.inventory import Gap
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ABOUT = "redirect forward"
TABLES = {"ip_tables_names": ("iptables", "ipv4"), "ip6_tables_names": ("ip6tables", "ipv6")}
FOLDERS = ("/usr/sbin", "/sbin", "/usr/bin", "/bin")
WANTED = ("nat", "mangle")
LIMIT = 16 << 20  # characters of a listing
PATIENCE = 10  # seconds
DEPTH = 16
MOST = 16_384  # rules that are followed
_FIRST = "PREROUTING"
_BARE = ("-m", "--comment", "--limit", "--limit-burst", "-c")  # words with a value, and no condition that counts
_LEADS = ("REDIRECT", "DNAT", "TPROXY")


@record
class Found:
    """Ways in, what was not seen, and what was asked."""

    ways: tuple[Way, ...] = ()
    gaps: tuple[Gap, ...] = ()
    sources: tuple[str, ...] = ()


def look(root: str, run: Callable[[str], str | None] | None = None) -> Found:
    """What the old tables of the calling thread's namespace lead elsewhere. `root` is the folder of /proc/net."""
    told = Found()
    for file, (program, family) in TABLES.items():
        try:
            with open(f"{root}/{file}", encoding="ascii", errors="replace") as lines:
                names = [name for name in lines.read(4096).split() if name in WANTED]
        except PermissionError:
            continue  # without rights nf_tables' gap says the same
        except OSError:
            continue  # this kernel has none
        if names:
            told = _joined(told, _listed(program, family, names, run or _run))
    return told


def _listed(program: str, family: str, names: list[str], run: Callable[[str], str | None]) -> Found:
    text = run(program)
    if text is None:
        what = f"redirects and forwards of {program} ({', '.join(names)})"
        why = f"{program}-legacy-save, which lists them, is not there or failed"
        return Found(gaps=(Gap(what, why, f"install {program}, or look at another time", ABOUT),))
    ways, left_out = parse(text, program, family)
    gaps = (Gap(f"some rules of {program}", left_out, f"{program}-legacy-save shows them", ABOUT),) if left_out else ()
    return Found(ways, gaps, (f"{program}-legacy-save",))


def _joined(one: Found, other: Found) -> Found:
    return Found(one.ways + other.ways, one.gaps + other.gaps, one.sources + other.sources)


def _run(program: str) -> str | None:
    """What a table's program prints; None where there is none, or it fails. Older ones have no word legacy."""
    import subprocess  # only where there are old tables

    for name in (f"{program}-legacy-save", f"{program}-save"):
        for folder in FOLDERS:
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                continue
            try:
                done = subprocess.run([path], capture_output=True, timeout=PATIENCE, check=True, env={"LC_ALL": "C"})
            except (OSError, subprocess.SubprocessError):
                return None
            return done.stdout[:LIMIT].decode("utf-8", "surrogateescape")
    return None


def parse(listing: str, program: str, family: str) -> tuple[tuple[Way, ...], str]:
    """The ways in of a listing, and what was left out, in words ("" for nothing). Raises nothing."""
    chains: dict[tuple[str, str], list[list[str]]] = {}
    table = ""
    for line in listing.split("\n"):
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(("-A ", "[")):
            words = list(_words(line))
            at = words.index("-A") if "-A" in words else -1
            if 0 <= at < len(words) - 1:
                chains.setdefault((table, words[at + 1]), []).append(words[at + 2 :])
    walk = _Walk(chains, program, family)
    for name in WANTED:
        walk.walk(name, _FIRST, Match(family=family))
    return tuple(walk.ways), walk.left_out


class _Walk:
    def __init__(self, chains: dict[tuple[str, str], list[list[str]]], program: str, family: str) -> None:
        self.chains, self.program, self.family = chains, program, family
        self.ways: list[Way] = []
        self.left_out = ""
        self.left = MOST

    def walk(self, table: str, chain: str, match: Match, path: tuple[str, ...] = ()) -> None:
        """Follow a chain. Ways are named by the first chain behind the base chain, as nat_rules has it."""
        path = (*path, chain)
        for words in self.chains.get((table, chain), ()):
            self.left -= 1
            if self.left < 0 or len(path) > DEPTH:
                self.left_out = f"there are more than {MOST}, or their jumps go deeper than {DEPTH}"
                return
            narrowed, target, options = _rule(words, match)
            if not target or narrowed is None:
                continue
            if target in _LEADS:
                self._lead(table, path[:2][-1], narrowed, target, options)
            elif (table, target) in self.chains:
                self.walk(table, target, narrowed, path)
            elif target in ("NETMAP", "DNPT"):
                self.left_out = f"hb does not follow {target} in {table} {chain}"
            elif narrowed == match and target in ("ACCEPT", "DROP", "RETURN"):
                return

    def _lead(self, table: str, chain: str, match: Match, target: str, options: dict[str, str]) -> None:
        action = {"REDIRECT": "redirect", "DNAT": "dnat"}.get(target, "tproxy")
        goal = options.get("--to-destination", "")
        ports = options.get("--to-ports") or options.get("--on-port") or ""
        address = options.get("--on-ip") or ""
        if goal:
            address, ports = _endpoint(goal)
        packed = _packed(address.partition("-")[0]) if address else b""
        first, last = _range(ports, "-") if ports else (0, 0)
        if packed is None or first < 0:
            self.left_out = f"a target in {table} {chain} was not understood"
            return
        packed = packed if any(packed) else b""
        self.ways.append(Way(action, match, f"{self.program} {table}", chain, packed, first, last))


def _rule(words: list[str], match: Match) -> tuple[Match | None, str, dict[str, str]]:
    """A rule as a condition (None where no packet can be so), its target, and the target's options."""
    at, target, options = 0, "", {}
    found: Match | None = match
    inverted = False
    while at < len(words) and found is not None:
        word, value = words[at], words[at + 1] if at + 1 < len(words) else ""
        if word == "!":
            inverted, at = True, at + 1
            continue
        if word in ("-j", "-g"):
            target = value
        elif target:
            options[word] = value
        elif word not in _BARE:
            found = _narrowed(found, word, value, inverted=inverted)
        inverted = False
        at += 2 if not value.startswith("-") and value != "!" else 1
    return found, target, options


def _narrowed(match: Match, word: str, value: str, *, inverted: bool) -> Match | None:
    if word in ("--dport", "--dports", "--destination-port", "--destination-ports"):
        ranges = tuple([_range(part, ":") for part in value.split(",")])
        if any(low < 0 for low, _ in ranges):
            return further(match, f"{word} {value}"[:80])
        told = narrowed_ports(match, others(ranges) if inverted else ranges)
        return told[0] if told else None
    if inverted:
        return further(match, f"not through {value}" if word == "-i" else f"not {word} {value}"[:80])
    if word in ("-p", "--protocol"):
        return transported(match, (value,)) if value in ("tcp", "udp", "sctp", "dccp", "udplite") else None
    if word == "-i":
        return replace(match, devices=(f"{value[:-1]}*" if value.endswith("+") else value,))
    if word == "-d":
        prefix = _prefix(value)
        return replace(match, addresses=(prefix,)) if prefix else further(match, f"-d {value}"[:80])
    if word == "--dst-type" and value == "LOCAL":
        return replace(match, local=True)
    return further(match, "where it comes from" if word == "-s" else f"{word} {value}".strip()[:80])


def _words(line: str) -> Iterator[str]:
    """The words of a line; those in double quotes keep their blanks, and a backslash takes the next letter."""
    word, quoted, begun, escaped = "", False, False, False
    for letter in line:
        if escaped:
            word, escaped = word + letter, False
        elif letter == "\\" and quoted:
            escaped = True
        elif letter == '"':
            quoted, begun = not quoted, True
        elif letter == " " and not quoted:
            if word or begun:
                yield word
            word, begun = "", False
        else:
            word += letter
    if word or begun:
        yield word


def _range(text: str, between: str) -> tuple[int, int]:
    """A port or a range; (-1, -1) for anything else. An end that is left out is the first or last port."""
    low, mark, high = text.partition("/")[0].partition(between)
    low = low or ("0" if mark else "")
    high = high or ("65535" if mark else low)
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in (low, high)):
        return -1, -1
    return (int(low), int(high)) if int(low) <= int(high) < 65536 else (-1, -1)


def _endpoint(text: str) -> tuple[str, str]:
    """An address and ports: 10.0.0.2:80-90, [fd00::2]:80, :80, fd00::2."""
    if text.startswith("["):
        address, _, ports = text[1:].partition("]")
        return address, ports.lstrip(":")
    if text.count(":") > 1:
        return text, ""
    address, _, ports = text.partition(":")
    return address, ports


def _prefix(text: str) -> tuple[bytes, int] | None:
    address, slash, bits = text.partition("/")
    packed = _packed(address)
    if packed is None or (slash and not (bits.isascii() and bits.isdigit() and len(bits) < 4)):
        return None
    size = int(bits) if slash else 8 * len(packed)
    return (packed, size) if size <= 8 * len(packed) else None


def _packed(text: str) -> bytes | None:
    try:
        return _socket.inet_pton(_socket.AF_INET6 if ":" in text else _socket.AF_INET, text)
    except (OSError, ValueError):
        return None
