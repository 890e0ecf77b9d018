"""The same sight with a stranger's words in every place where strangers have some, and every address that shows them.

poisoned(sight, text) puts a text around whatever anybody may choose: names of processes, units, containers, packages
and machines, command lines, banners, certificates, rules' words, files' names. Two sights that differ by it alone must
come to pages of one shape.
"""

from __future__ import annotations

from typing import Any

from tests.faces import judged
from tests.faces.kit import NOW
from tests.faces.web.machines.answers import PAST, changes, why
from tests.faces.web.machines.sights import BLIND, SCANNED
from tests.faces.web.machines.test_outside import SEEN, scan

from hb_engine.app.hub.sight import Machine, Sight, Trouble
from hb_engine.faces.web import addresses
from hb_engine.model.answer import Answer
from hb_engine.model.identity import Certificate, Identity, Tls
from hb_engine.model.owner import Container
from hb_engine.model.record import items, replace

# By class and field: whatever anybody may write. The rest are words of ours, numbers, and what the kernel says.
FREE = {
    "Ancestor": ("cmdline", "comm"),
    "Answer": ("mismatch",),
    "Cause": ("source", "text"),
    "Certificate": ("subject", "issuer", "names", "key", "signature"),
    "Changed": ("host",),
    "Container": ("name", "image", "pod"),
    "Gap": ("remedy", "what", "why"),
    "Held": ("owner", "rule", "why"),
    "Hold": ("detail",),
    "Host": ("kernel", "name", "system", "os"),
    "Identity": (
        *("device", "evidence", "hostname", "info", "product", "system", "version", "cpe"),
        *("facts",),
    ),
    "Machine": ("name", "source"),
    "Netns": ("name",),
    "Opening": ("unit", "user", "notes"),
    "Origin": ("name", "remote", "user"),
    "Owner": ("cmdline", "comm", "exe", "script", "unit", "user"),
    "Package": ("detail", "name", "version"),
    "Past": ("host",),
    "Reason": ("evidence", "remedy", "text"),
    "Registered": ("description",),
    "Report": ("baseline", "source"),
    "Story": ("details",),
    "Tls": ("problem",),
    "Trouble": ("message", "remedy"),
    "Unowned": ("detail",),
    "Verdict": ("evidence", "host", "owner", "reason", "remedy", "rule", "why"),
    "Where": ("file",),
}
SAYS = Identity(
    *("http", "nginx", "1.24", "info", "host.example", "system", "device", ("cpe:/a:nginx:nginx:1.24",)),
    evidence="Server: nginx",
    facts=(("title", "a title"), ("realm", "a realm")),
    tls=Tls(
        "TLSv1.3",
        "TLS_AES",
        "h2",
        certificate=Certificate("CN=a", "CN=b", ("a.example",), 1, 2, "00", "01", "EC", "ecdsa"),
        problem="not trusted",
    ),
)
TOLD = Answer("tcp", 443, "open", "syn-ack", identity=SAYS, held="tls-missing", mismatch="registered as https")
BOX = Container("docker", "3f1c09ab2d11aa", "shop", "registry.example/shop:4", pod="shop/web-0")


def usual() -> Sight:
    """A sight in which every place for strangers' words is filled."""
    first = Machine("web-17", SEEN, judged.DRIFTED, "web-17.json", (scan(TOLD),))
    openings = [replace(one, container=BOX, notes=("a note",)) for one in SEEN.openings]
    second = Machine(
        "db-3", replace(SEEN, openings=tuple(openings), host=replace(SEEN.host, name="db-3")), judged.OTHER
    )
    third = replace(BLIND.machines[0], name="web-18")
    fourth = replace(SCANNED.machines[0], name="web-19")
    return Sight(1, NOW, (first, second, third, fourth), (Trouble("history", "history.db is locked", "Try again."),))


def poisoned(value: Any, text: str) -> Any:
    """A value with the text around whatever is anybody's."""
    if isinstance(value, tuple):
        return tuple([poisoned(one, text) for one in value])
    if isinstance(value, dict):
        return {name: poisoned(one, text) for name, one in value.items()}
    if isinstance(value, frozenset) or not hasattr(type(value), "__slots__") or isinstance(value, type):
        return value
    kind = type(value).__name__
    try:
        fields = dict(items(value))
    except (AttributeError, TypeError):
        return value
    free = FREE.get(kind, ())
    changed = {name: (_around(one, text) if name in free else poisoned(one, text)) for name, one in fields.items()}
    return replace(value, **{name: one for name, one in changed.items() if one is not fields[name]})


def _around(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return f"{text}{value}{text}" if value else value
    if isinstance(value, tuple):
        return tuple([_around(one, text) for one in value])
    if isinstance(value, dict):
        return {name: _around(one, text) for name, one in value.items()}
    return value


def answers(text: str) -> dict[str, Any]:
    """What the process with rights answers, with the text around whatever is anybody's."""
    past = poisoned(PAST, text)
    return {
        "machine-past": lambda **_: past,
        "changes": lambda **words: poisoned(changes(**{**words, "host": ""}), text),
        "why": lambda **words: poisoned(why(**words), text),
    }


def paths(sight: Sight) -> list[str]:
    """Every address that shows something of a sight, in an order that its texts do not change."""
    found = ["/", "/machines", "/drift", "/register", "/baseline", "/map", "/ports", "/sessions", "/audit"]
    found += [
        "/ports/443",
        "/ports/1703",
        "/ports/22/tcp",
        "/search?q=1703",
        "/search?q=nginx",
        "/search/suggest?q=1703",
    ]
    for one in sight.machines:
        found += [addresses.machine(one.name), addresses.changes(one.name)]
        found += [addresses.opening_of(one.name, each) for each in one.seen.openings]
        found += [f"/drift/{addresses.short(each.key)}" for each in (one.report.verdicts if one.report else ())]
    return found
