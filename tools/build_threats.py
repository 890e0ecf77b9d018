"""Make the packaged list of what has been linked with ports, from a table of sourced claims.

    python tools/build_threats.py THREATS.csv EVIDENCE.csv

The claims come with a source each; this adds `direction`, which they lack, by a rule that is the same for everybody
(`direction_of`), and writes data/threats.tsv and its part of PROVENANCE.md (build_registry.py writes the part above).
The facts are facts and stay; four product names are vulgar, and are shortened as newspapers do (`DECENT`), so that no
face has to think of it. This tool refuses a claim without a source and a row that it does not understand.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from hb_engine.registry import fields, threats, tsv  # noqa: E402  (the path comes first)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DATA = ROOT / "src" / "hb_engine" / "registry" / "data"
AS_OF = "2026-11-22"
# Services that worms and botnets look for on other machines: there they knock, they do not wait.
SPREAD = frozenset(
    (21, 22, 23, 53, 80, 102, 111, 135, 137, 138, 139, 445, 1433, 1434, 2323, 2375, 5555, 6379, 7547, 9527, 10250)
) | {37215, 52869}
# Mail, news and chat: what trojans use to report. An infected machine connects out to these, and listens on none.
REPORT = frozenset((25, 110, 119, 194, 465, 587, *range(6660, 6670)))
LISTENING = ("listen", "server", "panel", "default", "daemon", "socks", "module", "web ui", " api", "contact", "ftp")
CALLING = ("(observed)", "source port", "reverse", "stratum")
CALLS_HOME = (
    "attack.mitre.org",
    "malpedia.caad.fkie.fraunhofer.de",
    "wazuh.com",
)  # these tell where implants connect to
SEEN_SERVERS = "netlas-free-iocs"  # ports of C2 servers seen on the Internet: infected machines connect to them
READ = {"package/opened": "lists", "package": "lists", "opened": "read", "known": "unread"}
DECENT = {
    ("tcp", "1984"): "F***it Rootkit",
    ("tcp", "2801"): "Phineas P****er",
    ("tcp", "6912"): "S*** Heep",
    ("tcp", "12346"): "Fat B**** trojan",
}


def main(claims: str, evidence: str) -> None:
    """Read, judge, write, and print what was counted."""
    rows = read(_table(claims), _table(evidence))
    data = encode(rows)
    DATA.mkdir(exist_ok=True)
    (DATA / threats.FILE).write_bytes(data)
    counts = tally(rows)
    page = DATA / "PROVENANCE.md"
    before = page.read_text(encoding="utf-8").partition(HEADING)[0] if page.exists() else ""
    lines = "\n".join(f"| {what} | {count:,} |" for what, count in counts.items())
    page.write_text(before + HEADING + PAGE.format(as_of=AS_OF, lines=lines), encoding="utf-8")
    print("\n".join(f"{count:>7,}  {what}" for what, count in counts.items()))


def read(claims: Iterable[Mapping[str, str]], evidence: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows as they are written: the columns of threats.FIELDS. Exits on a row without source or evidence."""
    proofs = {(row["protocol"], row["port"], row["name"]): row for row in evidence}
    rows = []
    for claim in claims:
        proof = proofs.get((claim["protocol"], claim["port"], claim["name"]))
        if proof is None or not claim["source_url"]:
            sys.exit(f"{claim['protocol']}/{claim['port']} {claim['name']}: no source, or no evidence")
        rows.append(_row(claim, proof))
    return rows


def direction_of(claim: Mapping[str, str]) -> str:
    """listen: the machine waits on this port. outbound: it connects to it elsewhere. scan: it looks for it everywhere.

    The first of these that fits:
    1. the name says so: (scan) or "scan target"; a source port, a reverse shell, an observed C2 server, Stratum;
    2. industrial-control malware (platform ics, kinds c2 and worm) reaches for controllers: scan;
    3. worms and botnets on a port of a service that they spread through: scan;
    4. mail, news and chat ports (REPORT), for everything but exposed services, backdoors and c2 tools: outbound;
    5. c2, rat, worm and botnet, where the source describes where implants connect to (CALLS_HOME, observed servers):
       outbound, unless the name says that something listens;
    6. everything else: listen.
    """
    name, kind = claim["name"].lower(), claim["kind"]
    port = fields.numbers(claim["port"])[0] or 0
    if "(scan" in name or " scan" in name:
        return "scan"
    if any(word in name for word in CALLING):
        return "outbound"
    if claim["platform"] == "ics" and kind in ("c2", "worm"):
        return "scan"
    if kind in ("worm", "botnet") and port in SPREAD:
        return "scan"
    if port in REPORT and kind in ("trojan", "rat", "worm", "botnet"):
        return "outbound"
    told_by = claim["source_url"].split("/")[2]
    if kind in ("c2", "rat", "worm", "botnet") and (told_by in CALLS_HOME or SEEN_SERVERS in claim["source_url"]):
        return "listen" if any(word in name for word in LISTENING) else "outbound"
    return "listen"


def encode(rows: list[dict[str, str]]) -> bytes:
    """The whole file: single ports and ranges together, by port, transport and name."""
    rows = sorted(rows, key=lambda row: (row["number"], row["transport"], row["name"].lower(), row["name"]))
    body = b"".join([tsv.line([row[field] for field in threats.FIELDS]) for row in rows])
    return tsv.build(threats.KIND, threats.VERSION, [("as_of", AS_OF)], threats.FIELDS, body)


def tally(rows: list[dict[str, str]]) -> dict[str, int]:
    """How many rows there are of each sort."""
    found = {"rows": len(rows)}
    for field in ("transport", "kind", "direction", "confidence", "read"):
        for value in sorted(row[field] for row in rows):
            found[f"{field} {value}"] = found.get(f"{field} {value}", 0) + 1
    return found


def _row(claim: Mapping[str, str], proof: Mapping[str, str]) -> dict[str, str]:
    first, last = fields.numbers(claim["port"])
    read = READ[proof["evidence"]]
    return {
        "number": f"{first:05}" if first == last else f"{first:05}-{last:05}",
        "transport": claim["protocol"],
        "direction": direction_of(claim),
        "kind": claim["kind"],
        "confidence": claim["confidence"],
        "name": _decent(claim),
        "platform": claim["platform"],
        "year": claim["year"],
        "source": claim["source_url"],
        "read": read,
        "lists": "" if "://" in proof["sources"] else " ".join(sorted(proof["sources"].split("+"))),
    }


def _decent(claim: Mapping[str, str]) -> str:
    """The name, or its printable form: of the same length, with the same first letter."""
    name, short = claim["name"], DECENT.get((claim["protocol"], claim["port"]), "")
    same = len(name) == len(short) and all(there in (char, "*") for char, there in zip(name, short, strict=True))
    return short if same else name


def _table(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


HEADING = "## threats.tsv: what has been linked with a port\n"
PAGE = """
Written by `tools/build_threats.py` from a table of claims collected for this project, as of {as_of}. Each row has its
source. Only facts were taken (port, transport, name, year), no text. A claim means "has been listed as", never "is
infected": most of the old lists copy each other, and many a port has honest users. Sources and their terms:

| source | terms |
| --- | --- |
| lists of Simovits Consulting and Bekkoame, about 2002 to 2005 | facts |
| Nessus and OpenVAS check 11157, Snort backdoor rules, rkhunter's ports | GPL or proprietary scripts: facts only |
| comments in nmap-services | NPSL: facts only, nothing of the file is here |
| MITRE ATT&CK, November 2025 | free use; (c) The MITRE Corporation, reproduced with its permission |
| default configurations of the named tools; vendors', CERTs' and NVD pages | facts |
| ports of C2 servers seen on the Internet (abuse.ch SSLBL, through published counts) | facts |
| Wikipedia's list of port numbers | CC BY-SA: facts |

`confidence`: high is a signature, a tool's own default or a statement of a vendor or CERT; medium is a curated list;
low is one weak claim. `read`: `lists`, known from the lists that `lists` names; `read`, the source was read;
`unread`, the source is known to be the right one and was not opened when this was made. `platform` and `kind` of the
old lists follow the family's name.

`direction` is our classification, by the rule in `tools/build_threats.py` (`direction_of`): `listen`, the machine
waits on the port; `outbound`, it connects to it elsewhere; `scan`, it looks for it on other machines.

Four names of 1984, 2801, 6912 and 12346/tcp are vulgar. The claims are kept; the names are printed with asterisks.

| counted | |
| --- | --- |
{lines}
"""

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
