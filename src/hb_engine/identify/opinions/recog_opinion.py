"""What Recog's fingerprints say of a port's texts: for each text the first that fits, as Recog has it.

Recog names no protocol: it interprets a text once the protocol is known. So it speaks of products, systems and devices;
a fingerprint that tells none of them (Recog has some, to end the search) is no opinion.
"""

from __future__ import annotations

from hb_engine.identify.kit import text
from hb_engine.identify.opinions import recog
from hb_engine.identify.opinions.opinion import RECOG, Asked, Opinion
from hb_engine.identify.opinions.patience import Slow, Unread, left
from hb_engine.identify.opinions.recog_fields import Fields
from hb_engine.identify.opinions.templates import interpolated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.opinions.patience import Groups, Patience
    from hb_engine.identify.opinions.patterns import Pattern
    from hb_engine.identify.opinions.recog import Database, Fingerprint
    from hb_engine.model.identity import Identity

MOST = 6  # opinions about one port
SHOWN = 80  # characters of a description
TEMPORARY = "_tmp."  # names of values that only others are made of


class RecogOpinion:
    """Databases with what is needed to look things up in them."""

    def __init__(self, databases: tuple[Database, ...], patience: Patience) -> None:
        self.databases, self._patience = databases, patience
        self._spelled: dict[str, list[Pattern]] = {}

    def asked(self, heard: tuple[tuple[str, bytes], ...], identity: Identity | None) -> Asked:
        """The opinions about a port."""
        fields = Fields(heard, identity)
        found, left_out = list[Opinion](), dict[str, None]()
        for database in self.databases:
            opinion = self._of(database, fields.of(database.matches), left_out)
            found += [opinion] if opinion else []
        return Asked(tuple(found[:MOST]), tuple(left_out))

    def _of(self, database: Database, texts: tuple[str, ...], left_out: dict[str, None]) -> Opinion | None:
        """What a database says of the first of some texts that it knows."""
        if texts and database.file not in self._spelled:
            self._spelled[database.file] = [recog.spelled(one) for one in database.fingerprints]
        for subject in texts:
            raw = subject.encode("utf-8", "replace")
            lowered = raw.lower()
            for one, pattern in zip(database.fingerprints, self._spelled[database.file], strict=True):
                sure = raw.isascii() or not pattern.folded  # other letters fold onto ASCII's, such as the Kelvin sign
                if sure and not pattern.possible(raw, lowered):
                    continue
                try:
                    groups = self._patience.match(pattern.spelled, one.flags, raw)
                except (Slow, Unread) as why:
                    left_out[left(f"{RECOG} {_place(database, one)}", why)] = None
                    continue
                if groups is not None:
                    return _opinion(database, one, told(one, groups))
        return None


def told(one: Fingerprint, groups: Groups) -> dict[str, str]:
    """The parameters of a match by name, groups first, then what is made of them; temporary ones are left out."""
    found = dict[str, str]()
    for parameter in one.parameters:
        if parameter.group:
            part = groups[parameter.group] if parameter.group < len(groups) else None
            if part:
                found[parameter.name] = text(part)
    made = [parameter for parameter in one.parameters if not parameter.group]
    for parameter in sorted(made, key=lambda each: "{" in each.value):
        value = interpolated(parameter.value, found)
        if value:
            found.setdefault(parameter.name, value)
    return {name: value for name, value in found.items() if not name.startswith(TEMPORARY)}


def _opinion(database: Database, one: Fingerprint, values: dict[str, str]) -> Opinion | None:
    product = values.get("service.product") or values.get("service.family", "")
    system = " ".join(_words(values, "os"))
    device = " ".join(_words(values, "hw")) or values.get("hw.device", "")
    if not (product or system or device):
        return None
    cpes = [values[f"{kind}.cpe23"] for kind in ("service", "hw", "os") if values.get(f"{kind}.cpe23")]
    described = one.description[:SHOWN]
    return Opinion(
        RECOG,
        database.protocol if product else "",
        product,
        values.get("service.version", "") if product else "",
        "",
        system,
        device,
        values.get("host.name") or values.get("host.domain", ""),
        tuple(dict.fromkeys(cpes)),
        f"{_place(database, one)}{', ' if described else ''}{described}",
    )


def _words(values: dict[str, str], kind: str) -> list[str]:
    """Vendor, product and version of a kind, without saying the vendor twice."""
    vendor, product, version = [values.get(f"{kind}.{part}", "") for part in ("vendor", "product", "version")]
    product = product or values.get(f"{kind}.family", "")
    if not product:
        return []
    return [word for word in ("" if product.lower().startswith(vendor.lower()) else vendor, product, version) if word]


def _place(database: Database, one: Fingerprint) -> str:
    return f"{database.file}:{one.line}"
