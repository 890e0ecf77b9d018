"""Machines in files: each under a name of its own, scans beside whom they asked, and what is broken told."""

from __future__ import annotations

import os

import pytest
from tests.app import kit

from hb_engine.app.hub import elsewhere
from hb_engine.app.hub.elsewhere import Elsewhere
from hb_engine.app.hub.sight import Machine
from hb_engine.app.ruling import baseline
from hb_engine.app.ruling.baseline import Loaded
from hb_engine.faces.export.documents import inventory
from hb_engine.faces.export.scan_json import scan as scan_text
from hb_engine.model.answer import Answer, Scan, ScannedHost, ScanStats
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

SEEN = kit.inventory(kit.SSH, kit.DNS)
HERE = Machine("web-17", replace(SEEN, host=Host("web-17", "Debian", addresses=("10.0.0.5", "fe80::1"))))
RULES = 'schema = "hb/1"\n[defaults]\nrequire = []\n[[allow]]\nid = "ssh"\nlisten = "tcp/22"\n'
NMAP = """<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap {address}" start="1795356000" version="7.93">
<host starttime="1795356000" endtime="1795356010"><status state="up" reason="syn-ack"/>
<address addr="{address}" addrtype="ipv4"/>
<ports><port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/></port></ports></host>
<runstats><finished time="1795356010"/></runstats></nmaprun>
"""


def of(name, *openings, at=0.0, machine="", addresses=()):
    """A machine's look, as hb writes it."""
    host = Host(name, "Debian", machine=machine, addresses=addresses)
    return inventory(replace(kit.inventory(*openings), host=host, taken_at=SEEN.taken_at + at))


def found(*paths, here=HERE, loaded=None):
    return Elsewhere(tuple(str(path) for path in paths)).look(here, loaded)


def names(told):
    return [one.name for one in told.machines]


@pytest.fixture
def loaded():
    parsed = baseline.parsed(baseline.Texts((("rules.toml", RULES),)))
    assert not parsed.errors
    return Loaded("hb.d", parsed.baseline)


# -- machines


def test_snapshots_in_a_folder_are_machines(tmp_path):
    for name in ("db-3", "db-1"):
        (tmp_path / f"{name}.json").write_text(of(name, kit.SSH))
    (tmp_path / ".hidden.json").write_text("nothing")
    told = found(tmp_path)
    assert names(told) == ["db-1", "db-3"]
    assert (told.here, told.troubles) == (HERE, ())
    assert told.machines[0].source == str(tmp_path / "db-1.json")
    assert told.machines[0].report is None
    assert told.machines[0].seen.openings[0].registered


def test_they_are_held_against_the_baseline(tmp_path, loaded):
    (tmp_path / "db-3.json").write_text(of("db-3", kit.SSH, kit.DNS))
    (one,) = found(tmp_path, loaded=loaded).machines
    assert one.report.source == one.source
    assert [each.key for each in one.report.verdicts if each.state == "drift"] == [kit.DNS.key]


def test_many_machines_in_one_file(tmp_path):
    path = tmp_path / "fleet.ndjson"
    path.write_text("".join(of(f"web-{n}", kit.SSH) for n in range(20, 23)))
    assert names(found(path)) == ["web-20", "web-21", "web-22"]


def test_of_one_machine_the_newest_look_counts(tmp_path):
    (tmp_path / "a.json").write_text(of("db-3", kit.SSH, kit.DNS, at=100))
    (tmp_path / "b.json").write_text(of("db-3", kit.SSH, at=0))
    (one,) = found(tmp_path).machines
    assert (os.path.basename(one.source), len(one.seen.openings)) == ("a.json", 2)


@pytest.mark.parametrize("times", [(0, 100), (100, 0)])
def test_a_look_that_a_newer_one_stands_for_is_told(tmp_path, times):
    for file, at in zip(("a.json", "b.json"), times, strict=True):
        (tmp_path / file).write_text(of("db-3", kit.SSH, at=at))
    told = found(tmp_path)
    older = "a.json" if times[0] < times[1] else "b.json"
    assert [one.message.partition(": ")[2] for one in told.troubles] == [f"{older} (db-3)"]
    assert "machine-id" in told.troubles[0].remedy


def test_a_look_at_this_machine_is_not_another_machine(tmp_path):
    (tmp_path / "here.json").write_text(of("web-17", kit.SSH))
    told = found(tmp_path)
    assert names(told) == []
    assert "here.json (web-17)" in told.troubles[0].message


def test_many_looks_that_are_not_shown_are_one_sentence(tmp_path):
    for number in range(elsewhere.NAMED + 3):
        (tmp_path / f"{number}.json").write_text(of("web-17", kit.SSH))
    (trouble,) = found(tmp_path).troubles
    assert trouble.message.endswith("4.json (web-17) and 3 more")


def test_many_looks_at_one_machine_in_one_file_are_its_newest_and_no_trouble(tmp_path):
    (tmp_path / "days.ndjson").write_text("".join(of("db-3", kit.SSH, at=at) for at in (0, 200, 100)))
    told = found(tmp_path)
    assert [one.seen.taken_at - SEEN.taken_at for one in told.machines] == [200]
    assert told.troubles == ()


def test_another_machine_of_the_same_name_gets_its_files_name(tmp_path):
    (tmp_path / "a.json").write_text(of("db-3", kit.SSH, machine="aa"))
    (tmp_path / "b.json").write_text(of("db-3", kit.SSH, machine="bb"))
    told = found(tmp_path)
    assert names(told) == ["db-3", "db-3 (b.json)"]
    assert "called db-3 too" in told.troubles[0].message
    assert told.troubles[0].remedy


def test_a_namesake_has_its_name_in_all_that_is_told_of_it(tmp_path, loaded):
    (tmp_path / "a.json").write_text(of("db-3", kit.SSH, machine="aa"))
    (tmp_path / "b.json").write_text(of("db-3", kit.SSH, machine="bb"))
    told = found(tmp_path, loaded=loaded).machines
    assert [one.seen.host.name for one in told] == [one.report.host.name for one in told] == names(found(tmp_path))
    own = Elsewhere((str(tmp_path),)).found(HERE, loaded).machines
    assert [(one.name, one.seen.host.name) for one in own] == [("db-3", "db-3"), ("db-3 (b.json)", "db-3")]


def test_a_namesake_of_this_machine_too(tmp_path):
    (tmp_path / "a.json").write_text(of("web-17", kit.SSH, machine="bb"))
    here = replace(HERE, seen=replace(HERE.seen, host=replace(HERE.seen.host, machine="aa")))
    assert names(found(tmp_path, here=here)) == ["web-17 (a.json)"]


def test_without_this_machine_the_files_are_shown(tmp_path):
    (tmp_path / "web-17.json").write_text(of("web-17", kit.SSH))
    told = found(tmp_path, here=None)
    assert (told.here, names(told)) == (None, ["web-17"])


# -- scans


def test_a_scan_lies_beside_whom_it_asked(tmp_path):
    (tmp_path / "scan.xml").write_text(NMAP.format(address="10.0.0.5"))
    told = found(tmp_path)
    assert told.machines == ()
    (scan,) = told.here.outside
    assert (scan.scanner, [host.address for host in scan.hosts]) == ("nmap", ["10.0.0.5"])


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.1.1", "::1"])
def test_a_scan_of_loopback_lies_beside_this_machine(tmp_path, address):
    (tmp_path / "scan.xml").write_text(NMAP.format(address=address))
    told = found(tmp_path)
    assert told.machines == ()
    assert [host.address for scan in told.here.outside for host in scan.hosts] == [address]


def test_a_scan_of_loopback_without_this_machine_is_nobody_elses(tmp_path):
    (tmp_path / "scan.xml").write_text(NMAP.format(address="127.0.0.1"))
    (tmp_path / "db-3.json").write_text(of("db-3", kit.SSH, addresses=("127.0.0.1",)))
    told = found(tmp_path, here=None)
    assert [(one.name, len(one.outside)) for one in told.machines] == [("db-3", 0), ("127.0.0.1", 1)]


def test_a_scan_of_many_is_taken_apart(tmp_path):
    (tmp_path / "db-3.json").write_text(of("db-3", kit.SSH, addresses=("10.0.0.9",)))
    answer = Answer("tcp", 22, "open", "syn-ack")
    hosts = [ScannedHost(f"10.0.0.{n}", up=True, answers=(answer,), ended_at=SEEN.taken_at) for n in (5, 9, 77)]
    hosts.append(ScannedHost("10.0.0.78", up=False))
    scan = Scan(tuple(hosts), ScanStats("packet"), SEEN.taken_at, SEEN.taken_at)
    (tmp_path / "scan.json").write_text(scan_text(scan))
    told = found(tmp_path)
    assert names(told) == ["db-3", "10.0.0.77"]
    beside = [told.here, *told.machines]
    assert [[host.address for scan in one.outside for host in scan.hosts] for one in beside] == [
        ["10.0.0.5"],
        ["10.0.0.9"],
        ["10.0.0.77"],
    ]


def test_a_host_that_nobody_else_tells_of_is_a_machine_from_outside(tmp_path):
    (tmp_path / "scan.xml").write_text(NMAP.format(address="192.0.2.1"))
    (one,) = found(tmp_path).machines
    assert (one.name, [each.port for each in one.seen.openings]) == ("192.0.2.1", [22])
    assert "who holds the ports" in [gap.what for gap in one.seen.coverage.gaps]


# -- what is broken


def test_a_broken_file_is_told_and_the_rest_is_shown(tmp_path):
    (tmp_path / "a.json").write_text("{ this is nothing")
    (tmp_path / "b.json").write_text(of("db-3", kit.SSH))
    (tmp_path / "c.json").write_bytes(b"")
    told = found(tmp_path)
    assert names(told) == ["db-3"]
    assert [one.about for one in told.troubles] == ["files", "files"]
    assert all(str(tmp_path) in one.message and one.remedy for one in told.troubles)


def test_a_broken_line_among_others_is_told_with_its_number(tmp_path):
    lines = of("db-1", kit.SSH) + '{"schema": "hb/1", "kind": "inventory", "host": 3}\n' + of("db-2", kit.SSH)
    (tmp_path / "fleet.ndjson").write_text(lines)
    told = found(tmp_path)
    assert names(told) == ["db-1", "db-2"]
    assert "line 2" in told.troubles[0].message


@pytest.mark.parametrize("missing", ["nothing.json", "folder/nothing.json", "null\0byte"])
def test_a_file_that_is_not_there_is_told(tmp_path, missing):
    told = found(tmp_path / missing)
    assert told.machines == ()
    assert len(told.troubles) == 1


def test_a_pipe_by_name_keeps_nobody(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    told = found(tmp_path / "pipe")
    assert "no file" in told.troubles[0].message


def test_standard_input_is_refused():
    told = found("-")
    assert "standard input" in told.troubles[0].message


def test_troubles_are_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(elsewhere, "MOST", 3)
    for n in range(5):
        (tmp_path / f"{n}.json").write_text("nothing")
    told = found(tmp_path)
    assert [one.message for one in told.troubles][3:] == ["and 2 more such troubles with files"]


# -- again


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path, monkeypatch):
    path = tmp_path / "db-3.json"
    path.write_text(of("db-3", kit.SSH))
    one = Elsewhere((str(tmp_path),))
    first = one.look(HERE, None)
    assert one.look(HERE, None).machines[0] is first.machines[0]
    path.write_text(of("db-3", kit.SSH, kit.DNS, at=60))
    assert len(one.look(HERE, None).machines[0].seen.openings) == 2
    (tmp_path / "db-4.json").write_text(of("db-4", kit.SSH))
    assert names(one.look(HERE, None)) == ["db-3", "db-4"]
    path.unlink()
    assert names(one.look(HERE, None)) == ["db-4"]


def test_and_when_the_rules_have(tmp_path, loaded):
    (tmp_path / "db-3.json").write_text(of("db-3", kit.SSH))
    one = Elsewhere((str(tmp_path),))
    assert one.look(HERE, None).machines[0].report is None
    judged = one.look(HERE, loaded).machines[0]
    assert judged.report is not None
    assert one.look(HERE, loaded).machines[0] is judged
