"""docs/reference/baseline.md: the language of hb.d by its declaration, with the grammar that each sentence's file has.

The example on the page is read by the language itself while the page is made, so that it cannot go stale.
"""

from __future__ import annotations

from tools.docs.markdown import bullets, code, head, join, table

from hb_engine.baseline.language import by, every, listen, origins, speaks
from hb_engine.baseline.language import parse as language
from hb_engine.baseline.language.schema import SENTENCES, TABLES
from hb_engine.model.baseline import HOST_FIELDS, NAMESPACES, OWNER_FIELDS
from hb_engine.model.endpoint import SCOPES, TRANSPORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from hb_engine.baseline.language.schema import Field, Table

LEAD = """A baseline says which ports must, may and must not be open: files in a folder `hb.d`, read in the order of
their names. They are TOML (`.toml`), JSON (`.json`), or YAML (`.yaml`, `.yml`; needs PyYAML, `pip install
hb-engine[yaml]`), and mean the same in each. `hb lint` tells what is wrong with them, `hb lint --schema` prints a JSON
Schema for editors. What no rule covers is drift."""

EXAMPLE = """\
schema = "hb/1"

[defaults]
review = "180d"
packs = ["debian"]

[[role]]
name = "web"
hosts = ["web-*.example.org", "10.0.3.0/28"]

[[require]]
id = "web-https"
role = "web"
listen = "tcp/443 on public"
by = "unit:nginx.service and pkg:nginx"
speaks = "https tls>=1.2"
why = "Shop front end"
owner = "team-web"
accepted = 2026-11-25
severity = "high"

[[allow]]
role = "web"
listen = "tcp/9100 on private, tcp/9113 on private"
by = "exe:/usr/bin/prometheus-*exporter"
from = "net:10.20.0.0/16"
why = "Metrics"
owner = "sre"

[[allow]]
host = "web-17"
listen = "tcp/8000 on loopback"
by = "user:alice and exe:*/python3*"
why = "Debugging the import"
owner = "alice"
until = 2026-12-01T18:00:00Z

[[allow]]
listen = "tcp/ephemeral on loopback, udp/ephemeral"
by = "unit:containerd.service or exe:*/java"
why = "Ports that the kernel chose: who holds them is what counts"
owner = "platform"

[[forbid]]
listen = "tcp/23, tcp/2375, udp/69, tcp/512-514"
why = "Clear text, or no password"
owner = "security"
severity = "critical"

[[window]]
name = "patch-sunday"
mode = "mute"
when = "group:prod"
every = "Sun 02:00-04:00 Europe/Berlin"
"""

MEANING = (
    "A rule speaks of the host's own network namespace, unless `listen` says `netns:`.",
    (
        f"Scopes are ordered: {' < '.join(SCOPES)}. For `require` and `allow` the scope is the widest that is allowed: "
        "what is open more narrowly is fine, what is open more widely is drift (widened)."
    ),
    (
        "For `forbid` the scope is the narrowest that is forbidden: `tcp/23` forbids the port everywhere, `tcp/23"
        " on private` forbids it from private networks up, and leaves loopback free."
    ),
    (
        "`forbid` wins over `require`, `require` over `allow`. Among rules of one kind, one for a host wins over "
        "one for a role, and that over one for all machines."
    ),
    (
        "`require` wants each of its places to be open: `tcp/80, tcp/443` are two. A range, `any` and a name of "
        "several ports are met by one port each."
    ),
    (
        "Where several programs hold one port, `by` must fit each of them: a second program that binds beside the"
        " first is not covered by what was said of the first."
    ),
    (
        "A day is meant whole: `until = 2026-12-01` ends with that day, in UTC. A time without a zone is UTC, and"
        " `hb lint` says so."
    ),
    (
        'A length of time (`review = "180d"`; h, d, w and y) counts from `accepted`. Where a rule says `accepted`'
        " and no `review`, that of `[defaults]` counts."
    ),
    (
        "An `id` that is not given is made from the rule's kind, `listen`, `by`, role and host. It stays the same"
        " wherever the rule is moved to. Ids of a pack's rules begin with the pack's name: `debian/chrony`; for one "
        "role `debian/chrony@web`."
    ),
    (
        "A pack is a file of rules like any other, and comes with hb. `[defaults] packs` is for every machine, a "
        "role's `packs` for its machines. Rules of packs need no owner."
    ),
    (
        "A file of what was seen (hb snapshot, hb ls --json) is judged as of the time at which it was taken: `until` "
        "and windows are held against that time."
    ),
    (
        "A role that says `not role:x` is decided after all that may give x; roles that deny one another in a circle "
        "are an error."
    ),
    "A rule that has ended does not vanish: what it covered is drift (expired), with the rule's owner.",
)
SENTENCE_FILES: dict[str, ModuleType] = {
    "listen": listen,
    "by and when": by,
    "speaks": speaks,
    "from": origins,
    "every": every,
}
WORDS = {
    "listen": f"Transports are {', '.join(TRANSPORTS)} and any; classes of network namespaces {', '.join(NAMESPACES)}. "
    "`ephemeral` is a port that the kernel chose, `any` whatever port, and what has no port.",
    "by and when": f"In `by`: {', '.join(OWNER_FIELDS)}. In `when`: {', '.join(HOST_FIELDS)}. A unit without a suffix "
    "means its service.",
    "speaks": "Parts of a certificate are san, subject, issuer and sha256; of a subject or issuer its common name is "
    "enough (`cert:subject=www.example.org`). OP is one of >=, >, <, <= and =.",
}


def page() -> str:
    """The page. Raises ValueError where its example is no baseline any more."""
    _check(EXAMPLE)
    parts = [
        head("The baseline", "the declaration in `src/hb_engine/baseline/language/schema.py`", LEAD),
        f"```toml\n{EXAMPLE}```",
        "## What it means",
        bullets(MEANING),
        "## Tables",
    ]
    for each in TABLES:
        parts += _table(each)
    parts.append("## Sentences")
    for name, module in SENTENCE_FILES.items():
        parts += _sentence(name, module)
    return join(parts)


def _check(text: str) -> None:
    found = language.read([("example.toml", text)], lambda name: 'schema = "hb/1"\n' if name == "debian" else None)
    if found.problems:
        raise ValueError(f"the example is no baseline: {found.problems[0]}")


def _table(of: Table) -> list[str]:
    name = f"[[{of.name}]]" if of.many else f"[{of.name}]"
    if of.name in ("allow", "forbid"):
        return [f"### {name}", f"{of.help} Its fields are those of `[[require]]`."]
    rows = [
        (code(field.name), _takes(field), field.help, code(f"{field.name} = {field.example}")) for field in of.fields
    ]
    return [f"### {name}", of.help, table(["key", "takes", "what it says", "example"], rows)]


def _takes(field: Field) -> str:
    """What a field takes, in words."""
    if field.choices:
        several = "some of " if field.kind == "choices" else ""
        return several + ", ".join([code(word) for word in field.choices])
    if field.kind in SENTENCES:
        anchor = "by-and-when" if field.kind in ("by", "when") else field.kind
        return f"[a sentence](#{anchor})" + (", or a list of them" if field.kind == "from" else "")
    kinds = {
        "text": "a text",
        "words": "a text, or a list of texts",
        "day": "a day or a time",
        "review": "a day, a time, or a length of time",
        "length": "a length of time, or `never`",
    }
    return kinds[field.kind]


def _sentence(name: str, module: ModuleType) -> list[str]:
    """A sentence by its file's own words: the first and the grammar, then the rest."""
    told = (module.__doc__ or "").strip().split("\n\n")
    told = [part.partition(" It refuses ")[0] for part in told]
    grammar = [f"```\n{_dedented(part)}\n```" if part.startswith("    ") else part for part in told[1:]]
    return [
        f"### {name}",
        told[0].partition(": ")[2][:1].upper() + told[0].partition(": ")[2][1:],
        *grammar,
        WORDS.get(name, ""),
    ]


def _dedented(text: str) -> str:
    return "\n".join([line[4:] for line in text.split("\n")])
