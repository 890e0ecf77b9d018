"""The recipe of hb check: what is read, asked and judged, and in which order."""

from __future__ import annotations

import json
import os

import pytest
from tests.app import kit

from hb_engine.app.looking import collect
from hb_engine.app.remembering import history
from hb_engine.app.ruling import check as recipe
from hb_engine.app.ruling.check import Wanted, check, rules
from hb_engine.faces.export.documents import inventory
from hb_engine.model.answer import Answer
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.event import Event
from hb_engine.model.identity import Identity
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

HEAD = 'schema = "hb/1"\n[defaults]\nrequire = []\n'
SSH = '[[allow]]\nid = "ssh"\nlisten = "tcp/22"\nby = "unit:ssh.service"\n'
DNS = '[[allow]]\nid = "dns"\nlisten = "tcp/53, udp/53"\n'
RAW = '[[allow]]\nid = "ping"\nlisten = "raw/any"\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of rules in a folder of its own, where hb runs; nothing else of this machine is read."""
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hb_engine.app.folders.system", lambda: str(tmp_path / "etc"))
    tmp_path.chmod(0o700)
    made = tmp_path / "hb.d"
    made.mkdir(mode=0o700)
    (tmp_path / ".git").mkdir()
    return made


@pytest.fixture
def here(machine, monkeypatch):
    """The machine of the kit in the place of this one."""
    monkeypatch.setattr(collect, "collect", machine.collect)
    monkeypatch.setattr("hb_engine.app.looking.events.events", lambda *_: ((), ()))
    return machine


def write(folder, *texts, name="rules.toml"):
    path = folder / name
    path.write_text(HEAD + "".join(texts))
    path.chmod(0o600)


def one(**more):
    (made,) = check(Wanted(**more))
    return made


def told(made):
    return [(each.kind, each.state, each.key) for each in made.verdicts]


# -- this machine


def test_everything_is_expected(folder, here):
    write(folder, SSH, DNS, RAW)
    made = one()
    assert (told(made), made.openings, made.expected, made.rules, made.source) == ([], 4, 4, 3, "")
    assert made.baseline.endswith("hb.d")


def test_what_no_rule_is_about_is_drift(folder, here):
    write(folder, SSH, RAW)
    assert [each.key for each in one().verdicts if each.state == "drift"] == [kit.DNS.key, kit.DNS_UDP.key]


def test_what_hides_is_looked_for_unless_somebody_says_otherwise(folder, here):
    write(folder)
    one()
    assert here.hidden is True
    one(hidden=False)
    assert here.hidden is False


def test_the_lock_beside_the_folder_makes_debt(folder, here):
    write(folder, SSH, RAW)
    from hb_engine.baseline.facts import observed
    from hb_engine.baseline.lock import text
    from hb_engine.model.baseline import Lock, LockedHost

    seen = (observed(kit.DNS), observed(kit.DNS_UDP))
    (folder.parent / "hb.lock").write_text(text(Lock((LockedHost("web-17", "", 5, None, seen),))))
    assert told(one()) == [("new", "debt", kit.DNS.key), ("new", "debt", kit.DNS_UDP.key)]


def test_a_lock_of_days_to_come_is_refused_on_this_machine(folder, here):
    from hb_engine.baseline.lock import text
    from hb_engine.model.baseline import Lock, LockedHost

    write(folder, SSH)
    for days, fine in ((0.5, True), (2, False)):
        at = int(1_795_356_311 + days * 86400)  # after the kit's look
        (folder.parent / "hb.lock").write_text(text(Lock((LockedHost("web-17", "", at),))))
        if fine:
            one()
        else:
            with pytest.raises(BadInput, match=r"was learned on 20.*, a day to come"):
                one()


def test_a_broken_lock_is_trouble_with_its_line(folder, here):
    write(folder, SSH)
    (folder.parent / "hb.lock").write_text('schema = "hb/9"\n')
    with pytest.raises(BadInput, match=r"hb\.lock:1: it is of schema 'hb/9'"):
        one()


def test_mistakes_are_told_before_anything_is_looked_at(folder, here):
    (folder / "rules.toml").write_text("schema = 7\n")
    with pytest.raises(BadInput):
        one()
    assert here.asked == []


def test_history_says_what_was_there_before(folder, here, monkeypatch):
    write(folder, SSH, RAW)
    monkeypatch.setattr(history, "known", lambda *_: history.Known({kit.DNS.key: 7.0}, 1.0))
    assert {each.key: each.since for each in one().verdicts if each.state == "drift"} == {
        kit.DNS.key: 7.0,
        kit.DNS_UDP.key: None,
    }


def test_history_that_cannot_be_read_is_a_gap_and_no_reason_not_to_look(folder, here, monkeypatch):
    write(folder, SSH, DNS, RAW)

    def damaged(host=""):
        raise DataError("history.db is damaged", "Move it away.")

    monkeypatch.setattr(history, "known", damaged)
    made = one()
    assert [(gap.why, gap.remedy) for gap in made.coverage.gaps] == [("history.db is damaged", "Move it away.")]
    assert told(made) == []


# -- what speaks


def speaking(monkeypatch, name):
    """own.speaks in the place of the real one: everything says the same; what was asked is remembered."""
    from hb_engine.app.looking import own

    asked = []

    def speaks(openings, **more):
        asked.append([each.key for each in openings])
        more["tell"]()
        return {
            each.key: Answer(each.transport, each.port, "open", "syn-ack", identity=Identity(name)) for each in openings
        }

    monkeypatch.setattr(own, "speaks", speaks)
    return asked


TALKING = SSH + 'speaks = "ssh"\n'


@pytest.mark.parametrize(("said", "found"), [("ssh", []), ("http", [("speaks-else", "drift", kit.SSH.key)])])
def test_only_openings_whose_rules_want_to_know_are_asked(folder, here, monkeypatch, said, found):
    write(folder, TALKING, DNS, RAW)
    asked, steps = speaking(monkeypatch, said), []
    (made,) = check(Wanted(), lambda *step: steps.append(step))
    assert asked == [[kit.SSH.key]]
    assert told(made) == found
    assert ("asking", 1, 1) in steps


def test_what_a_rule_pins_of_what_was_heard_is_asked_too(folder, here, monkeypatch):
    asked = speaking(monkeypatch, "ssh")
    write(folder, SSH + 'pin = ["protocol"]\n', DNS, RAW)
    made = one()
    assert asked == [[kit.SSH.key]]
    assert [(each.state, each.remedy) for each in made.verdicts] == [("unseen", "hb learn --now --identify")]


def test_nothing_is_asked_where_nobody_wants_to_know_or_may(folder, here, monkeypatch):
    asked = speaking(monkeypatch, "ssh")
    write(folder, SSH, DNS, RAW)
    one()
    write(folder, TALKING, DNS, RAW)
    assert told(one(ask=False)) == [("not-seen", "unseen", kit.SSH.key)]
    assert asked == []


# -- what happened


def test_records_are_read_only_where_there_is_drift(folder, here, monkeypatch):
    asked = []

    def happened(since, now, root="/"):
        asked.append((since, now))
        return (Event(now - 60, "package", "bind9 installed 9.18", "/var/log/dpkg.log", "bind9"),), ()

    monkeypatch.setattr("hb_engine.app.looking.events.events", happened)
    write(folder, SSH, DNS, RAW)
    one()
    assert asked == []
    write(folder, SSH, RAW)
    made = one()
    assert len(asked) == 1
    assert any(cause.text == "bind9 installed 9.18" for each in made.verdicts for cause in each.causes)


# -- no baseline, and packs


def test_without_a_baseline_it_says_how_to_begin(folder, here):
    folder.rmdir()
    with pytest.raises(BadInput) as raised:
        one()
    assert "hb learn --now" in raised.value.remedy
    assert "hb check --pack debian" in raised.value.remedy
    assert here.asked == []


def test_packs_alone_are_enough_for_a_first_look(folder, here):
    folder.rmdir()
    made = one(packs=("debian",))
    assert made.baseline == ""
    assert made.rules > 0


def test_a_pack_that_there_is_not_is_told_before_anything_is_looked_at(folder, here):
    for baseline in ("", str(folder)):
        with pytest.raises(BadInput) as raised:
            one(packs=("debain",), baseline=baseline)
        assert raised.value.remedy == "Did you mean debian?"
    assert here.asked == []


def test_a_folder_that_was_named_must_be_there(folder, here):
    with pytest.raises(BadInput):
        rules(str(folder / "elsewhere"))


def test_rules_that_others_may_write_are_told(folder, here):
    write(folder, SSH, DNS, RAW)
    (folder / "rules.toml").chmod(0o666)
    assert [each.kind for each in one().verdicts] == ["unsafe-baseline"]


def test_a_role_that_was_named_brings_its_rules(folder, here):
    roled = '[[role]]\nname = "ns"\nhosts = ["ns-*"]\n' + DNS + 'role = "ns"\n'
    write(folder, SSH, RAW, roled)
    assert one().expected == 2
    assert one(roles=("ns",)).expected == 4


def test_a_role_that_there_is_not_is_told_before_anything_is_looked_at(folder, here):
    write(folder, '[[role]]\nname = "web"\nhosts = ["web-*"]\n')
    for role, remedy in (("wbe", "Did you mean web?"), ("zzzz", "It is one of web.")):
        with pytest.raises(BadInput) as raised:
            one(roles=(role,))
        assert raised.value.remedy == remedy
    write(folder, SSH)
    with pytest.raises(BadInput, match="there is no role 'web'"):
        one(roles=("web",))
    assert here.asked == []


# -- files


def saved(path, *openings, name="db-1", at=1_795_356_311.0):
    """A machine's listing, as hb ls --json wrote it."""
    seen = kit.inventory(*openings)
    path.write_text(inventory(replace(seen, host=Host(name, "Debian"), taken_at=at)))
    return str(path)


def test_files_are_judged_instead_of_this_machine(folder, here, tmp_path):
    write(folder, SSH, RAW)
    paths = (saved(tmp_path / "a.json", kit.SSH, name="a"), saved(tmp_path / "b.json", kit.DNS, name="b"))
    made = check(Wanted(paths))
    assert [(each.host.name, each.source, len(each.verdicts)) for each in made] == [
        ("a", paths[0], 0),
        ("b", paths[1], 1),
    ]
    assert here.asked == []


def test_nobody_is_asked_about_a_file(folder, here, tmp_path, monkeypatch):
    asked = speaking(monkeypatch, "ssh")
    write(folder, TALKING)
    (made,) = check(Wanted((saved(tmp_path / "a.json", kit.SSH),)))
    assert told(made) == [("not-seen", "unseen", kit.SSH.key)]
    assert asked == []


def test_a_file_is_judged_at_its_own_time(folder, here, tmp_path):
    write(folder, SSH + "until = 2026-06-01\n")
    early = saved(tmp_path / "early.json", kit.SSH, at=1_770_000_000.0)
    late = saved(tmp_path / "late.json", kit.SSH, at=1_790_000_000.0)
    made = check(Wanted((early, late)))
    assert [[each.kind for each in one.verdicts] for one in made] == [[], ["expired"]]


def test_the_evidence_in_a_file_is_judged_too(folder, here, tmp_path):
    deleted = replace(kit.SSHD, exe_state="deleted", exe="/tmp/sshd (deleted)", package=None)
    write(folder, SSH)
    (made,) = check(Wanted((saved(tmp_path / "a.json", replace(kit.SSH, owners=(deleted,))),)))
    assert ("suspicious", "drift", kit.SSH.key) in told(made)


def test_a_file_that_is_none(folder, here, tmp_path):
    write(folder, SSH)
    for content in ("", "{}", "nonsense"):
        (tmp_path / "x.json").write_text(content)
        with pytest.raises(DataError):
            check(Wanted((str(tmp_path / "x.json"),)))
    with pytest.raises(BadInput):
        check(Wanted((str(tmp_path / "missing.json"),)))


def test_progress_is_told_for_each_machine(folder, here, tmp_path):
    write(folder, SSH)
    steps = []
    check(Wanted((saved(tmp_path / "a.json", kit.SSH),) * 3), lambda *step: steps.append(step))
    assert steps == [("judging", number, 3) for number in range(4)]


# -- parts


def test_lasting_rules_are_those_that_say_so():
    names = recipe.lasting()
    assert "deleted-executable" in names
    assert "clear-text-public" not in names


def test_what_is_saved_reads_as_json(tmp_path):
    assert json.loads((tmp_path / os.path.basename(saved(tmp_path / "a.json", kit.SSH))).read_text())["openings"]


def test_a_broken_file_among_others_could_not_be_seen_and_hides_none_of_them(folder, here, tmp_path):
    write(folder, SSH)
    (tmp_path / "b.json").write_text("hello")
    names = [saved(tmp_path / "a.json", kit.SSH), str(tmp_path / "b.json"), saved(tmp_path / "c.json", kit.SSH)]
    made = check(Wanted(tuple(names)))
    assert [one.source for one in made] == [names[0], names[2], names[1]]  # at the end, where it is seen
    (verdict,) = made[2].verdicts
    assert (verdict.kind, verdict.state) == ("not-seen", "unseen")
    assert (verdict.key, verdict.reason) == (names[1], "the file is in no format that hb reads")


def test_where_every_file_is_broken_there_is_nothing_to_report(folder, here, tmp_path):
    write(folder, SSH)
    (tmp_path / "a.json").write_text("hello")
    with pytest.raises(DataError, match=r"a\.json: the file is in no format"):
        check(Wanted((str(tmp_path / "a.json"),) * 2))


def test_machines_that_are_alike_share_what_is_said_of_rules_that_cover_nothing(folder, here, tmp_path):
    write(folder, SSH, DNS)
    first, second = check(Wanted((saved(tmp_path / "a.json", kit.SSH),) * 2))
    assert first.held == second.held
    assert [one.keys for one in first.held][1:] == [()]
    assert first.held[1] is second.held[1]


def test_each_machine_of_a_fleet_has_its_own_part_of_the_lock(folder, here, tmp_path):
    from hb_engine.baseline.facts import observed
    from hb_engine.baseline.lock import text
    from hb_engine.model.baseline import Lock, LockedHost

    write(folder)
    files = tuple([saved(tmp_path / f"{name}.json", kit.SSH, name=name) for name in ("web-1", "web-2")])
    seen = tuple([observed(opening) for opening in kit.inventory(kit.SSH).openings])
    (folder.parent / "hb.lock").write_text(text(Lock((LockedHost("web-2", "", 5, None, seen),))))
    first, second = check(Wanted(files))
    assert {one.kind for one in first.verdicts} == {"new", "foreign-lock"}
    assert [one.state for one in second.verdicts] == ["debt"]
