"""A container shares the host's network: what it opens is open on the host, without a published port to show for it.

The isolation that people expect of a container is not there, and its loopback is the host's too. Many do this on
purpose, so it is a remark that helps to read the rest.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, quote, serves_others, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "host-network-container",
    "info",
    "A container without a network of its own can be reached from other machines at the host's addresses.",
    (
        "Agents, ingress controllers and a cluster's own parts, which need the host's network.",
        "Performance: no translation of addresses in between.",
    ),
)


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if opening.netns.kind != "host" or not serves_others(opening):
        return
    boxed = [owner for owner in opening.owners if owner.container]
    if not boxed or not boxed[0].container:
        return
    box = boxed[0].container
    name = quote(box.name or box.pod or box.id[:12])
    yield RULE.reason(
        f"the container {name} listens on the host's own network",
        f"{who(tuple(boxed))} of {box.runtime} {name}{f', image {quote(box.image)}' if box.image else ''}",
        remedy="give it a network of its own and publish the port, unless it needs the host's",
    )
