"""goss files: `port` says what must be listening, on which addresses, or must not be (github.com/goss-org/goss).

goss knows neither who holds a port nor why it is open: what is carried over says so, for a person to add. An address
becomes how far it reaches. It refuses to guess at matchers and templates, and at every other kind of test: they are
told.
"""

from __future__ import annotations

from hb_engine.baseline import drafts
from hb_engine.baseline.imports import Imported
from hb_engine.baseline.language.nodes import Format
from hb_engine.model.baseline import Listen, Rule
from hb_engine.model.endpoint import scope_of, widest
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.baseline.language.nodes import Node

FORMAT = Format("goss", (".yaml", ".yml", ".json"))
TRANSPORTS = {"tcp": "tcp", "tcp6": "tcp", "udp": "udp", "udp6": "udp"}
KINDS = (  # what goss tests besides
    *("addr", "command", "dns", "file", "gossfile", "group", "http", "interface", "kernel-param", "matching", "mount"),
    *("package", "process", "service", "user"),
)
KNOWN = ("listening", "ip", "title", "meta", "skip")
NOBODY = "goss does not say who holds it: add `by`"
YES, NO = ("true", "yes", "on"), ("false", "no", "off")  # YAML 1.1, where the reader keeps what was written


def claims(root: Node) -> bool:
    """Whether a file is goss': a table with `port`, or with other tests of goss' alone."""
    if root.kind != "table":
        return False
    names = set(root.value)
    return bool(names) and names <= {"port", *KINDS} and ("port" not in names or root.value["port"].kind == "table")


def read(root: Node, owner: str = "") -> Imported:
    """The rules that a goss file's ports make, tcp and tcp6 of one port as one rule."""
    left = [f"{name}: hb looks at ports, goss tests this too" for name in root.value if name != "port"]
    found: dict[tuple[str, int, bool], tuple[Rule, tuple[str, ...]]] = {}
    ports = root.value["port"].value if "port" in root.value else {}
    taken: set[str] = set()
    for name, node in ports.items():
        rule, comments, lost = _port(name, node, owner)
        left += [f"port {name}: {each}" for each in lost]
        if rule is None:
            continue
        key = (rule.listen[0].transport, rule.listen[0].first, rule.kind == "forbid")
        if key in found:
            found[key] = _joined(found[key], rule, comments)
            continue
        rule = replace(rule, id=drafts.id_of("goss", rule.listen, taken))
        taken.add(rule.id)
        found[key] = (rule, comments)
    return Imported(tuple(found.values()), tuple(left), FORMAT.name)


def _port(name: str, node: Node, owner: str) -> tuple[Rule | None, tuple[str, ...], list[str]]:
    """The rule of one entry, its comments, and what of it was lost."""
    protocol, _, digits = name.partition(":")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
    if protocol not in TRANSPORTS or not 0 < number < 65536:
        return None, (), ["this is no port, or a template"]
    if node.kind != "table":
        return None, (), ["it is no table"]
    if _truth(node.value.get("skip")):
        return None, (), ["it is skipped in goss"]
    listening = _truth(node.value.get("listening"))
    if listening is None:
        return None, (), ["listening is neither true nor false"]
    lost = [f"{each} has no place in a rule" for each in node.value if each not in KNOWN]
    scope, addresses = _scope(node.value.get("ip"), lost)
    why, named = _meta(node, lost)
    transport = TRANSPORTS[protocol]
    if not listening:
        place = Listen(transport, number, number, scope="loopback", text=f"{transport}/{number}")
        return _rule("forbid", place, why or f"{name} must not listen, says goss", named or owner), (), lost
    comments = (*([f"goss wants it on {', '.join(dict.fromkeys(addresses))}"] if addresses else []), NOBODY)
    place = Listen(transport, number, number, scope=scope)
    return _rule("require", place, why or f"{name} must listen, says goss", named or owner), comments, lost


def _rule(kind: str, place: Listen, why: str, owner: str) -> Rule:
    return Rule(kind, "", (place,), why=why, owner=owner)


def _scope(node: Node | None, lost: list[str]) -> tuple[str, list[str]]:
    """How far the addresses reach; public where goss does not care."""
    if node is None or (node.kind == "list" and not node.value):
        return "public", []
    parts = node.value if node.kind == "list" else (node,)
    if any(part.kind != "text" for part in parts):
        lost.append("ip is a matcher")
        return "public", []
    addresses, scopes = [part.value for part in parts], []
    for address in addresses:
        packed = _packed(address)
        if packed is None:
            lost.append(f"{address} is no address")
        else:
            scopes.append(scope_of(packed))
    return widest(scopes) if scopes else "public", addresses


def _packed(address: str) -> bytes | None:
    from ipaddress import ip_address  # dear, and only for what is imported

    try:
        return ip_address(address).packed
    except ValueError:
        return None


def _meta(node: Node, lost: list[str]) -> tuple[str, str]:
    """Why, and who owns it, where the title or goss' free words say so."""
    title, meta = node.value.get("title"), node.value.get("meta")
    why, owner = title.value.strip() if title is not None and title.kind == "text" else "", ""
    if meta is not None and meta.kind == "table":
        for name, one in meta.value.items():
            if name in ("owner", "team") and one.kind == "text" and not owner:
                owner = one.value.strip()
            elif name in ("why", "desc", "description", "reason") and one.kind == "text" and not why:
                why = one.value.strip()
            else:
                lost.append(f"meta {name} has no place in a rule")
    return why, owner


def _truth(node: Node | None) -> bool | None:
    if node is None:
        return None
    if node.kind == "truth":
        return bool(node.value)
    word = str(node.value).lower() if node.kind == "text" else ""
    return True if word in YES else False if word in NO else None


def _joined(
    before: tuple[Rule, tuple[str, ...]], rule: Rule, comments: tuple[str, ...]
) -> tuple[Rule, tuple[str, ...]]:
    """One rule for both versions of IP, with the wider scope."""
    old, said = before
    if old.kind == "forbid":
        return before
    scope = widest((old.listen[0].scope, rule.listen[0].scope))
    told = dict.fromkeys([*[one for one in said if one != NOBODY], *comments])
    return replace(old, listen=(replace(old.listen[0], scope=scope),)), tuple(told)
