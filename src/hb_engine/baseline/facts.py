"""What is written down of an opening: the facts of hb.lock, and how two of them differ.

Facts are evidence that changes by itself: an upgrade, a new certificate. They are not the opening's identity, which is
its thread, and nobody decided them. It refuses to call an unknown fact a change: what was not read then, or is not read
now, differs from nothing.
"""

from __future__ import annotations

from hb_engine.baseline.deciding.holders import is_keeper
from hb_engine.baseline.lock import plain
from hb_engine.model.baseline import Observed
from hb_engine.model.endpoint import SCOPES, scope_of
from hb_engine.model.opening import leads_of
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.answer import Answer
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

# The facts that a difference is told of, as people call them; exe before its digest, package before its version.
COMPARED = {
    "exe": "executable",
    "sha256": "sha256 of the executable",
    "package": "package",
    "version": "package version",
    "image": "image",
    "speaks": "service",
    "protocol": "what the service says of itself",
    "tls": "TLS",
    "certificate": "sha256 of the certificate",
    "leads": "target",
}
# Which of these a rule's pin means (model.baseline.PINS).
PINNED = {
    "sha256": ("sha256",),
    "version": ("version",),
    "certificate": ("certificate",),
    "protocol": ("speaks", "protocol", "tls"),
    "image": ("image",),
}


@record
class Difference:
    """A fact that is another than it was; `name` is a field of Observed."""

    name: str
    before: str
    now: str

    @property
    def told(self) -> str:
        """In words: package version 1.22.1-9 -> 1.22.1-10."""
        return f"{COMPARED[self.name]} {_short(self.before)} -> {_short(self.now)}"


def observed(
    opening: Opening, answer: Answer | None = None, *, sha256: str = "", first_seen: float | None = None
) -> Observed:
    """The facts of one opening: of its process, of what it answered, and the digest that somebody else computed."""
    owner = main(opening)
    package = owner.package if owner else None
    box = (owner.container if owner else None) or opening.container
    return Observed(
        plain(opening.thread),
        opening.scope,
        plain(owner.exe.removesuffix(" (deleted)")) if owner and owner.exe else "",
        sha256,
        plain(package.name) if package else "",
        plain(package.version) if package else "",
        plain(box.image) if box else "",
        *_spoken(answer),
        first_seen=None if first_seen is None else int(first_seen),
        leads=plain("; ".join(leads_of(opening))),
    )


def main(opening: Opening) -> Owner | None:
    """The owner that facts are of, always the same one: not systemd, which keeps a socket for its service; of those
    that the first one's unit has."""
    if len(opening.owners) < 2:
        return opening.owners[0] if opening.owners else None
    owners = [one for one in opening.owners if not is_keeper(one)] or list(opening.owners)
    return min([one for one in owners if one.unit == owners[0].unit], key=lambda one: (one.exe or "", one.comm))


def _spoken(answer: Answer | None) -> tuple[str, str, str, str]:
    """speaks, protocol, tls and certificate; empty where nothing was heard."""
    identity = answer.identity if answer else None
    if identity is None:
        return "", "", "", ""
    tls = identity.tls
    certificate = tls.certificate.sha256 if tls and tls.certificate else ""
    told = " ".join([part for part in (identity.product, identity.version) if part])
    return plain(identity.name), plain(told), plain(tls.version) if tls else "", certificate


def differences(before: Observed, now: Observed) -> tuple[Difference, ...]:
    """The facts that are known on both sides and are not the same, in the order of COMPARED."""
    pairs = [(name, getattr(before, name), getattr(now, name)) for name in COMPARED]
    return tuple([Difference(name, old, new) for name, old, new in pairs if old and new and old != new])


def is_led_elsewhere(before: Observed, now: Observed) -> bool:
    """Whether a firewall's rule leads to another place than it did. Another private address with the same port is none:
    containers and pods get one with each start."""
    if not before.leads or not now.leads or before.leads == now.leads:
        return False
    return {_place(one) for one in before.leads.split("; ")} != {_place(one) for one in now.leads.split("; ")}


def _place(target: str) -> str:
    """A target, without its address where that is private."""
    from ipaddress import ip_address  # only where a firewall's rule has changed

    rest = target.removesuffix(", the same port")
    address, _, port = target.rpartition(":") if rest == target else (rest, "", "the same port")
    try:
        packed = ip_address(address.strip("[]")).packed
    except ValueError:
        return target
    return f"private:{port}" if scope_of(packed) == "private" else target


def is_wider(scope: str, than: str) -> bool:
    """Whether a scope reaches further than another."""
    return SCOPES.index(scope) > SCOPES.index(than)


def place_of(thread: str) -> tuple[str, str, str, str]:
    """Transport, port (or what stands for it), identity and class of network namespace of a thread.

    An identity may have slashes of its own: exe:/usr/bin/x.
    """
    transport, _, rest = thread.partition("/")
    place, _, rest = rest.partition("/")
    identity, _, netns = rest.rpartition("/")
    return transport, place, identity, netns


def _short(value: str) -> str:
    """A digest by its beginning: 64 characters twice in a sentence help nobody."""
    is_digest = len(value) == 64 and all(letter in "0123456789abcdef" for letter in value)
    return f"{value[:12]}\u2026" if is_digest else value
