"""nmap's XML is valid by nmap's own DTD, is understood by ndiff, and says nothing that is not so."""

from __future__ import annotations

import os
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import scans

from hb_engine.faces.export import nmap_xml
from hb_engine.model.record import replace
from hb_engine.scan.readers.nmap_xml import read

DTD = "/usr/share/nmap/nmap.dtd"
ALL = {"one": scans.ONE, "many": scans.MANY, "empty": scans.EMPTY, "cut": scans.CUT, "hostile": scans.hostile()}


def tree(seen):
    return ET.fromstring(nmap_xml.scan(seen).encode())  # noqa: S314 - our own


def port(seen, number):
    return tree(seen).find(f".//port[@portid='{number}']")


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists(DTD), reason="nmap's DTD is not installed (package nmap-common)")
@pytest.mark.skipif(not shutil.which("xmllint"), reason="xmllint is not installed (package libxml2-utils)")
@pytest.mark.parametrize("seen", ALL.values(), ids=ALL)
def test_it_is_valid(seen, tmp_path):
    path = tmp_path / "scan.xml"
    path.write_text(nmap_xml.scan(seen), encoding="utf-8")
    done = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--dtdvalid", DTD, path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ndiff"), reason="ndiff is not installed")
def test_ndiff_tells_what_changed(tmp_path):
    before, after = tmp_path / "before.xml", tmp_path / "after.xml"
    before.write_text(nmap_xml.scan(scans.QUIET), encoding="utf-8")
    newer = replace(scans.SSH, identity=replace(scans.OPENSSH, version="9.9p1"))
    host = replace(scans.QUIET.hosts[0], answers=(newer, scans.WRONG))
    after.write_text(nmap_xml.scan(replace(scans.QUIET, hosts=(host,))), encoding="utf-8")
    done = subprocess.run(["ndiff", before, after], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    changed = [line.split() for line in done.stdout.splitlines() if line[:1] in "-+"]
    assert ["-22/tcp", "open", "ssh", "OpenSSH", "9.2p1", "(Debian", "2+deb12u3)"] in changed
    assert ["+22/tcp", "open", "ssh", "OpenSSH", "9.9p1", "(Debian", "2+deb12u3)"] in changed
    assert any(words[:1] == ["+443/tcp"] for words in changed)
    same = subprocess.run(["ndiff", before, before], capture_output=True, text=True, check=False)
    assert same.returncode == 0


def test_what_consumers_look_for():
    """Metasploit's importer wants the declaration first and nmaprun near it, DefectDojo a start, Faraday a type."""
    lines = nmap_xml.scan(scans.ONE).splitlines()
    assert lines[0].startswith("<?xml ")
    assert any(line.startswith("<nmaprun ") for line in lines[:12])
    root = tree(scans.ONE)
    assert (root.get("scanner"), root.get("start"), root.get("xmloutputversion")) == ("nmap", "1795356308", "1.05")
    assert root.find("host/hostnames/hostname").attrib == {"name": "web-17.example", "type": "user"}
    assert all(each.find("state") is not None for each in root.iter("port"))
    assert root.find("runstats/finished").get("exit") == "success"


def test_proof_becomes_method_and_confidence():
    def service(number):
        return port(scans.ONE, number).find("service")

    assert (service(22).get("method"), service(22).get("conf"), service(22).get("version")) == ("probed", "10", "9.2p1")
    assert (service(9100).get("name"), service(9100).get("method"), service(9100).get("conf")) == (
        "hp-pdl-datastr",
        "table",
        "3",
    )
    assert (service(8443).get("name"), service(8443).get("tunnel")) == ("http", "ssl")
    assert service(22).get("tunnel") is None
    assert [cpe.text for cpe in service(22)] == ["cpe:/a:openbsd:openssh:9.2p1"]
    for proof, method, conf in (("banner", "probed", "8"), ("pattern", "probed", "5"), ("port", "table", "3")):
        answer = replace(scans.SSH, identity=replace(scans.OPENSSH, proof=proof))
        found = port(replace(scans.ONE, hosts=(replace(scans.HOST, answers=(answer,)),)), 22).find("service")
        assert (found.get("method"), found.get("conf")) == (method, conf)


def test_a_mismatch_is_the_output_of_a_script_of_the_host():
    script = tree(scans.ONE).find("host/hostscript/script")
    assert script.get("id") == "hb"
    assert script.get("output").splitlines() == [
        "limits its refusals to 300 a second",
        "tcp 443: registered as https, and ssh speaks there",
    ]
    assert tree(scans.QUIET).find("host/hostscript") is None


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ndiff"), reason="ndiff is not installed")
def test_ndiff_survives_ports_that_differ_in_a_remark_only(tmp_path):
    """ndiff 7.93 compares a list with a number where scripts of a port are all that differs."""
    before, after = tmp_path / "before.xml", tmp_path / "after.xml"
    before.write_text(nmap_xml.scan(scans.QUIET), encoding="utf-8")
    remarked = replace(scans.QUIET.hosts[0], answers=(replace(scans.SSH, notes=("closes after a second",)),))
    after.write_text(nmap_xml.scan(replace(scans.QUIET, hosts=(remarked,))), encoding="utf-8")
    done = subprocess.run(["ndiff", before, after], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "tcp 22: closes after a second" in done.stdout


def test_the_many_that_said_the_same():
    groups = tree(scans.ONE).findall("host/ports/extraports")
    assert [(each.get("state"), each.get("count")) for each in groups] == [
        ("closed", "65528"),
        ("closed|filtered", "46"),
    ]
    assert [each.get("proto") for each in groups[0]] == ["tcp", "udp"]
    assert groups[0][0].get("ports").startswith("1-21,23-24")


def test_an_ipv6_host_has_no_invented_address():
    host = next(host for host in tree(scans.MANY).iter("host") if host.find("address").get("addr") == scans.SIX.address)
    assert [address.get("addrtype") for address in host.findall("address")] == ["ipv6"]


def test_what_was_not_asked_is_left_out_and_unreachable_is_filtered():
    rest = (
        replace(scans.HOST.rest[0], reason="not-asked"),
        replace(scans.HOST.rest[1], state="unreachable", reason="host-unreach"),
    )
    gone = replace(scans.SMTP, state="unreachable", reason="net-unreach")
    root = tree(replace(scans.ONE, hosts=(replace(scans.HOST, rest=rest, answers=(gone,)),)))
    (group,) = root.findall("host/ports/extraports")
    assert (group.get("state"), group[0].get("reason")) == ("filtered", "host-unreach")
    assert root.find(".//port/state").attrib == {"state": "filtered", "reason": "net-unreach", "reason_ttl": "63"}
    assert [each.get("services") for each in root.findall("scaninfo")] == ["25", "67,161"]


def test_a_scan_that_was_stopped_says_so():
    finished = tree(scans.CUT).find("runstats/finished")
    assert (finished.get("exit"), finished.get("errormsg")) == ("error", "interrupted")


def test_the_comment_can_not_be_ended_by_a_name():
    assert tree(replace(scans.ONE, scanner="-->--<x>")).tag == "nmaprun"


@given(st.text())
def test_any_text_is_well_formed_and_nothing_in_it_is_markup(text):
    found = ET.fromstring(f'<a b="{nmap_xml.quoted(text)}">{nmap_xml.quoted(text)}</a>')  # noqa: S314 - our own
    assert found.get("b") == (found.text or "")
    assert len(found) == 0


def test_what_was_written_is_read_back():
    seen = read(nmap_xml.scan(scans.ONE).encode())
    (back,) = seen.hosts
    assert (seen.scanner, seen.complete, seen.asked) == ("hb", True, scans.ASKED)
    found = {(answer.transport, answer.port): answer for answer in back.answers}
    for answer in scans.HOST.answers:
        same = found[answer.transport, answer.port]
        assert (same.state, same.reason, same.ttl) == (answer.state, answer.reason, answer.ttl)
        assert (same.identity.product if same.identity else "") == (answer.identity.product if answer.identity else "")
    assert (back.names, back.mac, back.rest) == (scans.HOST.names, scans.HOST.mac, scans.HOST.rest)


def test_times_in_no_locale_s_words():
    assert nmap_xml.ctime(1795356311.9) == "Sun Nov 22 14:05:11 2026"
    assert nmap_xml.ctime(0) == "Thu Jan  1 00:00:00 1970"
