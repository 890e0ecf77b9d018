"""`hb propose`: rules from what was seen, here and now, over time, or on many machines; and from other tools' files.

History tells how constantly something was there, a look what it is now, files what other machines have. It writes
nothing but the file that it is told to, and only what the baseline's folder reads without a mistake more.
"""

from __future__ import annotations

import os

from hb_engine.app.changing import rule_files
from hb_engine.baseline import blocks, proposing
from hb_engine.baseline.accepting import file_of
from hb_engine.baseline.evidence import Sighting, remembered
from hb_engine.baseline.language.builder import NOBODY
from hb_engine.baseline.proposing import Proposal, Thresholds
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.app.looking.look import Bench
    from hb_engine.app.ruling.baseline import Loaded
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

    Seen = dict[str, list[Sighting]]

LARGEST = 1 << 20  # bytes of a file that is imported


@record
class Wanted:
    """What is to be proposed from what: inventories out of files, another tool's file (`imported`), else this machine;
    `days` of history, None for all of it."""

    files: tuple[str, ...] = ()
    imported: str = ""
    baseline: str = ""
    owner: str = NOBODY
    presence: int = 90
    days: int | None = None


@record
class Proposed:
    """Rules as text, and what came of the rest; `proposal` is None for what another tool's file said."""

    text: str
    ids: tuple[str, ...]  # of the rules
    proposal: Proposal | None = None
    left_out: tuple[str, ...] = ()  # of an import
    source: str = ""  # what was looked at, in words
    written: str = ""  # the file
    folder: str = ""  # of the baseline, where there is one

    @property
    def rules(self) -> int:
        """How many rules."""
        return len(self.ids)


def propose(wanted: Wanted, *, write: str = "") -> Proposed:
    """Propose, and write the proposal to the end of a file of the baseline where one is named. Raises BadInput,
    CannotLook, DataError."""
    name = file_of(write) if write else ""
    loaded = _loaded(wanted.baseline, needed=bool(write))
    made = _import(wanted) if wanted.imported else _from_sight(wanted, loaded)
    if loaded is not None:
        made = replace(made, folder=loaded.folder)
    if write and loaded is not None and made.rules:
        made = replace(made, written=_written(loaded.folder, name, made.text))
    return made


def _loaded(given: str, *, needed: bool) -> Loaded | None:
    """The baseline; None where there is none, and none is needed. Raises BadInput for mistakes in it."""
    from hb_engine.app.ruling.baseline import load, locate

    return load(given) if needed or given or locate("") else None


def _import(wanted: Wanted) -> Proposed:
    from hb_engine.baseline import imports

    text = rule_files.read(wanted.imported, LARGEST)
    if text is None:
        raise BadInput(f"{wanted.imported} is not there", "Name a file of goss, say goss.yaml.")
    found = imports.read(wanted.imported, text, wanted.owner)
    return Proposed(
        imports.text(found),
        tuple([rule.id for rule, _ in found.rules]),
        None,
        found.left_out,
        f"{found.tool}'s file {wanted.imported}",
    )


def _from_sight(wanted: Wanted, loaded: Loaded | None) -> Proposed:
    from hb_engine.app.looking.look import Bench
    from hb_engine.app.ruling.check import lasting

    bench = Bench()
    looks, seen, source, now = _files(wanted, bench) if wanted.files else _here(wanted, bench)
    found = proposing.propose(
        seen,
        now,
        thresholds=Thresholds(wanted.presence),
        owner=wanted.owner,
        decided=_decided(loaded, looks) if loaded else {},
        lasting=lasting(),
        taken={rule.id for rule in loaded.baseline.rules} if loaded else (),
        roles={role.name for role in loaded.baseline.roles} if loaded else (),
    )
    return Proposed(proposing.text(found), tuple([one.rule.id for one in found.rules]), found, (), source)


def _files(wanted: Wanted, bench: Bench) -> tuple[list[Inventory], Seen, str, float]:
    """Sightings out of files; several of one machine are several looks."""
    from hb_engine.app.looking.inputs import read_all

    looks: dict[str, list[Inventory]] = {}
    for given in read_all(wanted.files):
        looks.setdefault(given.inventory.host.name, []).append(given.inventory)
    seen: Seen = {}
    last: list[Inventory] = []
    for name, ours in looks.items():
        seen[name], newest = _of_looks(ours, bench)
        last.append(newest)
    many = sum(map(len, looks.values()))
    machines = f"{len(looks)} machines" if len(looks) > 1 else ", ".join(looks)
    source = f"{many} inventories of {machines}" if many > 1 else f"an inventory of {machines}"
    return last, seen, source, max([one.taken_at for one in last], default=0.0)


def _of_looks(looks: list[Inventory], bench: Bench) -> tuple[list[Sighting], Inventory]:
    from hb_engine.judge.judgement import packages_asked

    looks.sort(key=lambda one: one.taken_at)
    judged = [bench.judged(one) for one in looks]
    shown: dict[str, list[Inventory]] = {}
    latest = {}
    for one in judged:
        for opening in one.openings:
            shown.setdefault(opening.key, []).append(one)
            latest[opening.key] = opening
    union = replace(judged[-1], openings=tuple(latest.values()))
    sightings = []
    for key, opening in latest.items():
        times = [one.taken_at for one in shown[key]]
        sightings.append(
            Sighting(
                opening,
                len({id(one) for one in shown[key]}),
                len(judged),
                len({int(at // 86400) for at in times}),
                len({one.host.boot_id for one in shown[key]}),
                min(times) if len(judged) > 1 else None,
                judged[0].taken_at if len(judged) > 1 else None,
                packages_asked(union),
            )
        )
    return sightings, union


def _here(wanted: Wanted, bench: Bench) -> tuple[list[Inventory], Seen, str, float]:
    """Sightings of this machine: what history knows of it, and a look."""
    from hb_engine.app.looking.collect import collect
    from hb_engine.app.remembering.history import known, open_store
    from hb_engine.judge.judgement import packages_asked

    seen = collect()
    name, now = seen.host.name, seen.taken_at
    store = open_store()
    if store is None:
        judged = bench.judged(seen)
        return [judged], {name: [_once(one, judged) for one in judged.openings]}, "one look, without history", now
    try:
        since = 0.0 if wanted.days is None else now - 86400 * wanted.days
        presence = store.presence(since, name) if name in store.hosts() else ()
        count = len(store.looks(name, since, 1_000_000)) if presence else 0
    finally:
        store.close()
    remember = known(name)
    current = {one.key: one for one in seen.openings}
    before = {one.opening.key: one for one in presence}
    union = bench.judged(
        replace(seen, openings=(*current.values(), *[p.opening for key, p in before.items() if key not in current]))
    )
    asked = packages_asked(union)
    sightings = []
    for opening in union.openings:
        past = before.get(opening.key)
        if past is not None:
            sightings.append(remembered(replace(past, opening=opening), remember.since, packages_asked=asked))
        elif remember.since is not None:
            first = remember.first_seen.get(opening.key, now)
            sightings.append(Sighting(opening, first_seen=first, looking_since=remember.since, packages_asked=asked))
        else:
            sightings.append(_once(opening, union))
    looks = f"{count:,} looks" if count > 1 else "one look"
    source = f"{looks} of {name}, and one now" if count else "one look; history has none yet"
    return [union], {name: sightings}, source, now


def _once(opening: Opening, seen: Inventory) -> Sighting:
    from hb_engine.judge.judgement import packages_asked

    return Sighting(opening, packages_asked=packages_asked(seen))


def _decided(loaded: Loaded, looks: Sequence[Inventory]) -> dict[tuple[str, str], str]:
    """What rules say already: "" for what they cover, why not for what they forbid."""
    from hb_engine.app.changing.accept import decided

    found = {}
    for seen in looks:
        for one in decided(loaded, seen):
            if one.word == "expected":
                found[seen.host.name, one.opening.key] = ""
            elif one.rule is not None and one.word != "unmatched":
                reason = "forbids it" if one.word == "forbidden" else f"is about it: {one.word}"
                found[seen.host.name, one.opening.key] = f"rule {one.rule.id} {reason}"
    return found


def _written(folder: str, name: str, text: str) -> str:
    """The proposal at the end of a file of the folder. Raises BadInput where it would not be read, DataError."""
    from hb_engine.app.changing.accept import reread

    path = os.path.join(folder, name)
    before = rule_files.read(path)
    after = blocks.appended(before if before is not None else 'schema = "hb/1"\n', text)
    wrong = reread(folder, path, after).errors
    if wrong:
        raise BadInput(f"the proposal would not be read: {wrong[0].where.text}: {wrong[0].message}", wrong[0].hint)
    rule_files.write(path, after, before)
    return path
