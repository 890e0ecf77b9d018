"""What somebody else's database says of an answer, and the sentence that it comes to.

An opinion is a likeness that another project wrote a pattern for: it stands beside hb's own identity, names where it
comes from, and never takes its place. It refuses to know patterns and files.
"""

from __future__ import annotations

from hb_engine.model.record import record

NMAP, RECOG = "nmap-service-probes", "recog"


@record
class Opinion:
    """What one line of a database says. `soft`: only the kind of service is likely, as its author marked it."""

    source: str  # NMAP or RECOG
    service: str = ""  # the database's own name for it
    product: str = ""
    version: str = ""
    info: str = ""
    system: str = ""
    device: str = ""
    hostname: str = ""
    cpe: tuple[str, ...] = ()
    where: str = ""  # line 123; ssh_banners.xml:17, with the fingerprint's own description
    soft: bool = False


@record
class Asked:
    """The opinions about one port, and in sentences what could not be held against it."""

    opinions: tuple[Opinion, ...] = ()
    left_out: tuple[str, ...] = ()


def sentence(opinion: Opinion, name: str = "") -> str:
    """An opinion as a note beside a port whose identity has this name ("" where nobody could name it)."""
    info = f"({opinion.info})" if opinion.info else ""
    words = " ".join([word for word in (opinion.product, opinion.version, info) if word])
    told = [words] if words else []
    if opinion.service and (opinion.service != name or not told):
        told.insert(0, opinion.service)
    if opinion.system:
        told.append(f"on {opinion.system}")
    if opinion.device:
        told.append(f"a {opinion.device}")
    if opinion.hostname:
        told.append(f"called {opinion.hostname}")
    likely = "something like " if opinion.soft else ""
    return f"second opinion ({opinion.source} {opinion.where}): {likely}{', '.join(told) or 'no name'}"
