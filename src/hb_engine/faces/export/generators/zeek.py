"""Zeek: a script that raises notices for connections to ports that should be quiet (Zeek 4 and newer).

The rules become three lists that a site may redefine; a few lines of script hold each new connection against them.
Answers to this machine's own traffic are other connections' and never looked at. Strings have plain letters and hex
escapes alone, so that no text of a rule ends one.
"""

from __future__ import annotations

from hb_engine.faces.export import generating as kit
from hb_engine.faces.export.formats import Format
from hb_engine.faces.text import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.app.ruling.generate import Order
    from hb_engine.model.baseline import Listen, Rule

FORMAT = Format("zeek", "notices for connections to ports that should be quiet", ".zeek")
FILE = "hb-baseline.zeek"
TRANSPORTS = ("tcp", "udp")
LONGEST = 200  # letters of a reason in a notice
HEAD = """\
@load base/frameworks/notice
@load base/utils/site

module HB_Baseline;

export {
	redef enum Notice::Type += {
		## A connection to a port that the baseline forbids.
		Forbidden_Port,
		## A connection to an allowed port, from a source that its rule does not name.
		Other_Source,
		## A connection to a port that no rule allows.
		Closed_Port,
	};

	## Ports, and the rule that speaks of them. Without sources, everyone is meant.
	type Place: record {
		proto: transport_proto;
		first: count;
		last: count;
		rule: string;
		why: string;
		sources: set[subnet] &default=set();
	};
"""
BODY = """\
}

function is_here(a: addr): bool
	{
	if ( |machines| > 0 )
		return a in machines;
	return Site::is_local_addr(a);
	}

function covers(place: Place, p: port): bool
	{
	local number = port_to_count(p);
	return get_port_transport_proto(p) == place$proto && number >= place$first && number <= place$last;
	}

function tell(note: Notice::Type, c: connection, place: Place, what: string)
	{
	local from_to = fmt("%s connected to %s port %s", c$id$orig_h, c$id$resp_h, c$id$resp_p);
	NOTICE([$note=note, $conn=c,
		$msg=fmt("%s: %s", from_to, what),
		$sub=fmt("%s: %s", place$rule, place$why),
		$identifier=cat(c$id$orig_h, c$id$resp_h, c$id$resp_p),
		$suppress_for=1hr]);
	}

event new_connection(c: connection)
	{
	local p = c$id$resp_p;
	if ( ! is_here(c$id$resp_h) )
		return;

	for ( i in forbidden )
		{
		if ( covers(forbidden[i], p) )
			{
			tell(Forbidden_Port, c, forbidden[i], "the port is forbidden");
			return;
			}
		}

	local found = F;
	local nearest: Place;
	for ( j in allowed )
		{
		if ( ! covers(allowed[j], p) )
			next;
		if ( |allowed[j]$sources| == 0 || c$id$orig_h in allowed[j]$sources )
			return;
		found = T;
		nearest = allowed[j];
		}

	if ( found )
		tell(Other_Source, c, nearest, "its rule names other sources");
	else if ( closed && get_port_transport_proto(p) != icmp )
		{
		nearest = Place($proto=get_port_transport_proto(p), $first=0, $last=65535, $rule="no rule", $why="");
		tell(Closed_Port, c, nearest, "no rule allows the port");
		}
	}
"""


def write(order: Order) -> tuple[tuple[str, str], ...]:
    """One file."""
    return ((FILE, "\n".join(_lines(order)) + "\n"),)


def quoted(text: str) -> str:
    """A string: letters, digits and a little punctuation as they are, every other byte in hex (\\x3b)."""
    shown = escape(text)
    cut = shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."
    plain = [
        chr(octet) if chr(octet) in kit.PLAIN or chr(octet) in " ,:/()=<>" else f"\\x{octet:02x}"
        for octet in cut.encode()
    ]
    return f'"{"".join(plain)}"'


def subnet(text: str) -> str:
    """A network as Zeek writes it: 10.0.0.0/8, [fd00::]/8."""
    address, _, length = text.partition("/")
    if ":" in address:
        return f"[{address}]/{length or 128}"
    return f"{address}/{length or 32}"


def _lines(order: Order) -> Iterator[str]:
    yield from kit.head(order, "Zeek notices", f"zeek -a {FILE}", "##!")
    yield ""
    yield HEAD.rstrip("\n")
    yield ""
    yield "\t## The machines that the rules are for; where there is none, all that are local."
    addresses = [
        text for text in map(kit.parsed, order.host.addresses if order.host else ()) if text and "/" not in text
    ]
    shown = ", ".join([f"[{text}]" if ":" in text else text for text in addresses])
    yield (
        f"\tconst machines: set[addr] = {{ {shown} }} &redef;"
        if shown
        else "\tconst machines: set[addr] = set() &redef;"
    )
    yield ""
    yield "\t## Whether a port that no rule allows is worth a notice."
    yield f"\tconst closed = {'T' if order.closed else 'F'} &redef;"
    for word, rules in (("forbidden", order.forbidden), ("allowed", order.allowed)):
        yield ""
        yield from _list(order, word, rules)
    yield BODY.rstrip("\n")


def _list(order: Order, word: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    entries: list[list[str]] = []
    left: list[str] = []
    for rule in rules:
        unfit = kit.unfit(order, rule) if rule.kind == "forbid" else []
        lines = [*kit.about(order, rule), *(unfit or [*kit.unsaid(rule, "by", "speaks"), *_unsaid(rule)])]
        records = [text for listen in rule.listen if not unfit for text in _records(order, rule, listen)]
        if records:
            entries += [[*lines, text] if not index else [text] for index, text in enumerate(records)]
        else:
            left += lines
    yield from [f"\t{line}" for line in left]
    if not entries:
        yield f"\tconst {word}: vector of Place = vector() &redef;"
        return
    yield f"\tconst {word}: vector of Place = vector("
    for index, lines in enumerate(entries):
        *comments, last = lines
        yield from [f"\t\t{line}" for line in comments]
        yield f"\t\t{last}{',' if index < len(entries) - 1 else ''}"
    yield "\t) &redef;"


def _unsaid(rule: Rule) -> Iterator[str]:
    unknown = kit.sources(rule).unknown
    if unknown:
        yield kit.remark(f"  not said here: from {', '.join(unknown)}; write its address as net:")
    for listen in rule.listen:
        problem = _unsayable(listen)
        narrowed = listen.scope != "public" or listen.networks or listen.interface
        if problem:
            yield kit.remark(f"  not said here: {kit.place(listen)}: {problem}")
        elif listen.scope == "loopback" and rule.kind != "forbid":
            yield kit.remark(f"  {kit.place(listen)} is for this machine alone, and no network shows it")
        elif narrowed:
            yield kit.remark(f"  not said here: {kit.place(listen)}: on which of the machine's addresses")


def _unsayable(listen: Listen) -> str:
    if listen.netns not in ("host", "any"):
        return f"network namespaces of the class {listen.netns} have addresses of their own"
    if listen.transport not in (*TRANSPORTS, "any"):
        return f"Zeek has no {listen.transport} ports"
    return "" if kit.span(listen, None) is not None else "there is no such port"


def _records(order: Order, rule: Rule, listen: Listen) -> Iterator[str]:
    span = kit.span(listen, order.host)
    if _unsayable(listen) or span is None or (listen.scope == "loopback" and rule.kind != "forbid"):
        return
    came = kit.sources(rule)
    nets = [subnet(net) for net in (*came.ipv4, *came.ipv6)]
    if not came.anywhere and not nets:
        return  # from nobody who could be named: it allows nothing here
    allowed = f", $sources=set({', '.join(nets)})" if nets else ""
    for transport in (listen.transport,) if listen.transport != "any" else TRANSPORTS:
        yield (
            f"Place($proto={transport}, $first={span[0]}, $last={span[1]}, $rule={quoted(kit.name(rule))}, "
            f"$why={quoted(rule.why)}{allowed})"
        )
