"""What a port's answer comes to when it is held against what is registered, or expected, there.

A registration is no promise: a person may run what they like where they like. So a mismatch is a sentence of what is
registered and what speaks, and no more; whether it is wrong, a baseline says. Ports without a registration, and
services that could not be named, are told apart from both. It refuses to know sockets, probes and scanners.
"""

from __future__ import annotations

from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.model.answer import Answer

    Meanings = Callable[[str], frozenset[str]]

# Registered names of which everybody knows that something else may speak there: generic web, and IANA's own jokes.
WEB = frozenset(("http", "https", "http-alt", "http-proxy", "ipp", "docker", "http-mgmt"))
MARKS = ("s", "-s", "-tls", "-ssl", "-alt", "s-alt", "-server", "-client", "-db", "d")


@record
class Spoken:
    """How a port behaved when it was asked to identify itself."""

    silent: bool = False
    untouched: bool = False
    unprovable: str = ""
    spoke: bool = False
    everything: bool = False
    at_home: bool = False  # what speaks is by custom on this port, whatever is registered there


def hold(answer: Answer, spoken: Spoken, means: Meanings, *, tls_names: Callable[[str], bool]) -> Answer:
    """An open port's answer with `held` and `mismatch`.

    `means(name)` gives all registered names that a service's name stands for; `tls_names(name)` tells whether a
    registered name promises TLS.
    """
    if answer.state != "open":
        silent = answer.state == "open|filtered"
        return replace(answer, held="unprovable") if spoken.unprovable and silent else answer
    identity = answer.identity
    if identity is None:
        return replace(answer, held=_unnamed(spoken))
    names = [one.name for one in answer.registered if one.name and one.status in ("assigned", "alias")]
    if not names:
        return replace(answer, held="customary" if spoken.at_home else "unregistered")
    if spoken.at_home and not any(same(name, identity.name, means) for name in names):
        custom = f"registered as {names[0]}, and by custom the port of {identity.name}"
        return replace(answer, held="customary", notes=(*answer.notes, custom))
    if not any(same(name, identity.name, means) for name in names):
        return replace(answer, held="other-service", mismatch=_sentence(names[0], identity.name, answer))
    promised = any(tls_names(name) for name in names)
    inside = identity.tls is not None and identity.tls.how == "implicit"
    if promised and not inside:
        clear = f"registered as {names[0]}, which is inside TLS; {identity.name} speaks in clear"
        return replace(answer, held="tls-missing", mismatch=clear)
    if inside and not promised and not _web(names):
        return replace(answer, held="tls-unexpected")
    return replace(answer, held="confirmed")


def _unnamed(spoken: Spoken) -> str:
    if spoken.untouched:
        return "not-asked"
    if spoken.unprovable:
        return "unprovable"
    if spoken.everything and not spoken.spoke:
        return "everything"
    return "unknown" if spoken.spoke else "silent"


def same(registered: str, spoken: str, means: Meanings) -> bool:
    """Whether a registered name and the name of what speaks mean the same service."""
    registered, spoken = registered.lower(), spoken.lower()
    known = means(spoken)
    if registered == spoken or registered in known or spoken in means(registered):
        return True
    if registered in WEB and (spoken in WEB or spoken.startswith("http")):
        return True
    return any(registered == spoken + mark or spoken == registered + mark for mark in MARKS)


def _web(names: list[str]) -> bool:
    return any(name in WEB for name in names)


def _sentence(registered: str, name: str, answer: Answer) -> str:
    inside = " inside TLS" if answer.identity and answer.identity.tls and answer.identity.tls.how == "implicit" else ""
    return f"registered as {registered}, speaks {name}{inside}"
