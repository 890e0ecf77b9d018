"""Sights are put together of whatever can be seen, and whatever cannot is a trouble with what to do."""

from __future__ import annotations

import pytest
from tests.app import kit

from hb_engine.app.hub import viewing
from hb_engine.app.hub.questions import Place
from hb_engine.app.hub.sight import NO_BASELINE, Fresh, Sight
from hb_engine.app.hub.viewing import LATER, SWEPT, View, swept
from hb_engine.app.looking import collect
from hb_engine.app.remembering import history
from hb_engine.app.ruling import baseline
from hb_engine.faces.export.documents import inventory
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Gap, Host
from hb_engine.model.opening import Unowned
from hb_engine.model.record import replace

HEAD = 'schema = "hb/1"\n[defaults]\nrequire = []\n'
SSH = '[[allow]]\nid = "ssh"\nlisten = "tcp/22"\nby = "unit:ssh.service"\n'
HIDDEN = replace(
    kit.SSH, port=1703, owners=(), unowned=Unowned("not-found"), flags=("hidden",), inodes=(), notes=("a bind says so",)
)
NOW = 1_795_356_311.0
PLACE = Place()


class Seen:
    """This machine, made by hand: what a look shows, and what a sweep shows besides."""

    def __init__(self) -> None:
        self.seen = kit.inventory(kit.SSH, kit.DNS, kit.DNS_UDP, kit.RAW)
        self.hiding = ()
        self.asked: list[bool] = []
        self.refusal = None
        self.now = NOW

    def collect(self, _ports=None, *, fresh=False, hidden=False):
        self.asked.append(hidden)
        if self.refusal:
            raise self.refusal
        coverage = self.seen.coverage
        if not hidden:
            return replace(self.seen, taken_at=self.now)
        gaps = (*coverage.gaps, Gap("hidden udp ports", "no right to bind", "run hb as root", "hidden"))
        coverage = replace(coverage, sources=(*coverage.sources, "bind sweep tcp, udp"), gaps=gaps)
        openings = (*self.seen.openings, *self.hiding)
        return replace(self.seen, taken_at=self.now, coverage=coverage, openings=openings)


@pytest.fixture
def machine(monkeypatch, tmp_path):
    made = Seen()
    tmp_path.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    monkeypatch.setattr("hb_engine.app.folders.system", lambda: str(tmp_path / "etc"))
    monkeypatch.setattr("hb_engine.app.looking.events.events", lambda *_: ((), ()))
    monkeypatch.setattr(collect, "collect", made.collect)
    monkeypatch.setattr("hb_engine.app.remembering.history.here", lambda: "web-17")
    return made


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "hb.d"

    def write(text, name="rules.toml", head=HEAD):
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / name).write_text(head + text)
        (folder / name).chmod(0o600)

    return write


def view(machine, place=PLACE, **more):
    return View(place, clock=lambda: machine.now, **more)


def abouts(sight):
    return [one.about for one in sight.troubles]


# -- this machine


def test_without_a_baseline_there_is_no_report_and_a_way_to_one(machine):
    sight = view(machine).look()
    (one,) = sight.machines
    assert (one.name, one.report, len(one.seen.openings)) == ("web-17", None, 4)
    assert NO_BASELINE in sight.troubles
    assert "hb learn" in NO_BASELINE.remedy
    assert not sight.misruled
    assert one.seen.openings[0].verdict is not None
    assert one.seen.openings[0].registered


def test_with_one_the_report_is_of_the_same_look(machine, rules):
    rules(SSH)
    sight = view(machine).look()
    (one,) = sight.machines
    assert sight.baseline.folder == one.report.baseline == "hb.d"
    assert one.report.taken_at == one.seen.taken_at == NOW
    drift = {each.key for each in one.report.verdicts if each.state == "drift"}
    assert drift == {kit.DNS.key, kit.DNS_UDP.key, kit.RAW.key}
    assert machine.asked == [False]


def test_a_named_baseline_is_taken(machine, rules, tmp_path):
    rules(SSH)
    (tmp_path / "hb.d").rename(tmp_path / "other")
    sight = view(machine, Place(baseline=str(tmp_path / "other"))).look()
    assert sight.baseline.folder == str(tmp_path / "other")


def test_mistakes_are_told_with_their_places_and_the_openings_are_shown(machine, rules):
    rules(SSH + 'listn = "tcp/23"\n')
    sight = view(machine).look()
    told = [one for one in sight.troubles if one.about == "baseline"]
    assert "cannot be used, and nothing is held against them: one mistake" in told[0].message
    assert "hb lint" in told[0].remedy
    assert "rules.toml:8:1: " in told[1].message
    assert sight.misruled
    assert len(sight.machines[0].seen.openings) == 4
    assert (sight.machines[0].report, sight.baseline) == (None, None)


def test_many_mistakes_are_cut(machine, rules, monkeypatch):
    monkeypatch.setattr(viewing, "MOST", 2)
    rules("".join([f'[[allow]]\nid = "a{n}"\nlisten = "nothing/{n}"\n' for n in range(5)]))
    told = [one for one in view(machine).look().troubles if one.about == "baseline"]
    assert len(told) == 4
    assert "5 mistakes" in told[0].message
    assert "3 more mistakes" in told[-1].message


def test_a_baseline_that_was_named_and_is_not_there_is_told(machine, tmp_path):
    sight = view(machine, Place(baseline=str(tmp_path / "none"))).look()
    told = [one for one in sight.troubles if one.about == "baseline"]
    assert "is not there" in told[0].message
    assert sight.machines[0].report is None


def test_rules_are_read_again_when_they_change_and_not_before(machine, rules, monkeypatch):
    rules(SSH)
    read = []
    load = baseline.load

    def counted(*words, **more):
        read.append(1)
        return load(*words, **more)

    monkeypatch.setattr(baseline, "load", counted)
    one = view(machine)
    one.look()
    first = one.look()
    assert len(read) == 1
    rules('[[allow]]\nid = "dns"\nlisten = "tcp/53, udp/53"\n', "dns.toml", 'schema = "hb/1"\n')
    changed = one.look()
    assert len(read) == 2
    assert changed.number == first.number + 1
    assert changed.machines[0].report.expected == first.machines[0].report.expected + 2


def test_rules_that_are_mended_are_taken_at_the_next_look(machine, rules):
    rules(SSH + "this is no toml\n")
    one = view(machine)
    assert one.look().baseline is None
    rules(SSH)
    assert one.look().machines[0].report is not None


def test_a_machine_that_cannot_be_looked_at_is_shown_as_it_was(machine):
    one = view(machine)
    first = one.look()
    machine.refusal = CannotLook("the kernel refuses", "run hb as root")
    sight = one.look()
    assert sight.machines == first.machines
    told = next(each for each in sight.troubles if each.about == "machine")
    assert (told.message, told.remedy) == ("the kernel refuses", "run hb as root")


def test_a_machine_that_was_never_seen_is_not_shown(machine):
    machine.refusal = CannotLook("the kernel refuses", "")
    sight = view(machine).look()
    assert sight.machines == ()
    assert "machine" in abouts(sight)


def test_records_are_read_once_for_one_drift(machine, rules, monkeypatch):
    read = []

    def nothing(*when):
        read.append(when)
        return (), ()

    monkeypatch.setattr("hb_engine.app.looking.events.events", nothing)
    rules(SSH)
    one = view(machine)
    for _ in range(4):
        machine.now += 30
        one.look()
    assert len(read) == 1
    machine.seen = kit.inventory(kit.SSH, kit.DNS, replace(kit.DNS, port=8053))
    one.look()
    assert len(read) == 2
    machine.now += viewing.READ
    one.look()
    assert len(read) == 3


# -- numbers


def test_a_look_that_shows_the_same_is_fresh(machine, rules):
    rules(SSH)
    one = view(machine)
    first, again = one.look(), []
    for _ in range(3):
        machine.now += 30
        again.append(one.look())
    assert isinstance(again[0], Sight)  # the first sweep, which has a gap to tell
    assert again[1:] == [Fresh(again[0].number, NOW + 60), Fresh(again[0].number, NOW + 90)]
    assert first.number == 1


def test_a_number_grows_with_what_opens_and_with_what_closes(machine):
    one = view(machine)
    numbers = [one.look().number, one.look().number]
    machine.seen = kit.inventory(kit.SSH)
    numbers.append(one.look().number)
    machine.seen = kit.inventory(kit.SSH, kit.DNS)
    numbers.append(one.look().number)
    numbers.append(one.look().number)
    assert numbers == [1, 2, 3, 4, 4]


# -- what hides


def test_the_first_look_is_quick_and_the_next_one_sweeps(machine):
    one = view(machine)
    one.look()
    assert one.unfinished
    one.look()
    assert not one.unfinished
    for _ in range(3):
        machine.now += 30
        one.look()
    assert machine.asked == [False, True, False, False, False]
    machine.now += SWEPT
    one.look()
    assert machine.asked[-1]


def test_what_hides_is_shown_and_every_look_sweeps_until_it_has_gone(machine):
    machine.hiding = (HIDDEN,)
    one = view(machine)
    one.look()
    shown = one.look()
    assert HIDDEN.key in [each.key for each in shown.machines[0].seen.openings]
    machine.now += 30
    assert isinstance(one.look(), Fresh)
    assert machine.asked == [False, True, True]
    machine.hiding = ()
    gone = one.look()
    assert HIDDEN.key not in [each.key for each in gone.machines[0].seen.openings]


def test_gaps_of_a_sweep_stay_until_the_next_one(machine):
    one = view(machine)
    one.look()
    sweep = one.look()
    assert "hidden udp ports" in [gap.what for gap in sweep.machines[0].seen.coverage.gaps]
    assert isinstance(one.look(), Fresh)


def test_what_a_list_shows_by_now_is_not_called_hidden_any_more():
    listed = kit.inventory(replace(HIDDEN, flags=()))
    last = replace(kit.inventory(HIDDEN), coverage=replace(listed.coverage, sources=("bind sweep tcp, udp",)))
    assert swept(listed, last).openings == listed.openings
    assert swept(kit.inventory(kit.SSH), last).openings == (kit.SSH, HIDDEN)
    assert swept(listed, None) is listed
    assert swept(last, last) is last


# -- history


def test_no_history_is_a_trouble(machine):
    assert "history" in abouts(view(machine).look())


def test_asked_to_record_it_records(machine, tmp_path):
    sight = view(machine, recording=True).look()
    assert "history" not in abouts(sight)
    assert list(history.known("web-17").first_seen) == [one.key for one in sorted_by_key(machine.seen)]


def sorted_by_key(seen):
    return sorted(seen.openings, key=lambda one: one.key)


def test_a_damaged_history_leaves_everything_else_as_it_is(machine, rules, tmp_path):
    rules(SSH)
    (tmp_path / "history.db").write_bytes(b"x" * 4096)
    (tmp_path / "history.db").chmod(0o600)
    sight = view(machine).look()
    told = [one for one in sight.troubles if one.about == "history"]
    assert len(told) == 1
    assert "--repair" in told[0].remedy
    assert sight.machines[0].report is not None


def test_machines_of_history_come_last(machine):
    history.remember(replace(machine.seen, host=Host("db-3", "Debian")))
    sight = view(machine).look()
    assert [(one.name, one.remembered) for one in sight.machines] == [("web-17", False), ("db-3", True)]


# -- files


def test_files_come_with_the_second_sight(machine, tmp_path):
    path = tmp_path / "db-3.json"
    path.write_text(inventory(replace(machine.seen, host=Host("db-3", "Debian"))))
    one = view(machine, Place(files=(str(path),)))
    first, second = one.look(), one.look()
    assert LATER in first.troubles
    assert [each.name for each in second.machines] == ["web-17", "db-3"]
    assert LATER not in second.troubles


def test_a_machine_in_a_file_is_not_told_from_history_too(machine, tmp_path):
    other = replace(machine.seen, host=Host("db-3", "Debian"))
    history.remember(other)
    path = tmp_path / "db-3.json"
    path.write_text(inventory(other))
    one = view(machine, Place(files=(str(path),)))
    one.look()
    sight = one.look()
    assert [(each.name, each.remembered) for each in sight.machines] == [("web-17", False), ("db-3", False)]
