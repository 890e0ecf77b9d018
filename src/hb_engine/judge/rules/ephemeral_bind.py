"""A service has its fixed place among the ports that the kernel hands out to clients.

While it is down, any outgoing connection may be given its port, and then it cannot start again until that connection
ends: a fault that shows itself once a year, at the worst time (ip(7), ip_local_port_range). Ports that the kernel chose
are not meant, nor other network namespaces, which have a range of their own.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "ephemeral-bind",
    "info",
    "A service is bound to a port in the range that the kernel hands out to outgoing connections.",
    (
        "The port is kept free by net.ipv4.ip_local_reserved_ports, which is not looked at.",
        "A program that chooses a port by itself each time, and tells its peers.",
    ),
)
KINDS = ("listener", "bound", "activation", "kernel")


def judge(facts: Facts) -> Iterator[Reason]:
    opening, ports = facts.opening, facts.local_ports
    if ports is None or opening.port is None or not ports[0] <= opening.port <= ports[1]:
        return
    if opening.ephemeral or opening.netns.kind != "host" or opening.kind not in KINDS:
        return
    if "not-listening" in opening.flags or not _is_a_service(facts):
        return
    yield RULE.reason(
        f"{place(opening)} is among the ports that outgoing connections are given",
        f"the kernel hands out {ports[0]} to {ports[1]}",
        remedy=f"add {opening.port} to net.ipv4.ip_local_reserved_ports, or move the service below {ports[0]}",
    )


def _is_a_service(facts: Facts) -> bool:
    """Resolvers and peers bind random UDP ports by themselves: there, only a registered name or the kernel tells."""
    opening = facts.opening
    return opening.transport == "tcp" or opening.kind == "kernel" or bool(opening.registered or facts.registered)
