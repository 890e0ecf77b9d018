"""nmap's XML, as nmap 7.93 wrote it in a namespace: services, IPv6, networks, UDP, filters, scripts, and stopped."""

from __future__ import annotations

import os

import pytest

from hb_engine.model.errors import DataError
from hb_engine.scan.readers.nmap_xml import claims, read

DATA = os.path.join(os.path.dirname(__file__), "data")


def sample(name):
    with open(os.path.join(DATA, f"{name}.xml"), "rb") as file:
        return file.read()


def ports(host):
    return {(answer.transport, answer.port): answer for answer in host.answers}


def run(inside, head=b'<nmaprun scanner="nmap" args="nmap -sS x" start="100">', end=b"</nmaprun>"):
    return read(b'<?xml version="1.0"?>\n' + head + b"\n" + inside + b"\n" + end)


def host(inside, head=b'<host><status state="up" reason="x"/><address addr="10.0.0.1" addrtype="ipv4"/>'):
    return run(head + inside + b"</host>").hosts[0]


def test_services_with_products_versions_and_names_of_platforms():
    scan = read(sample("nmap-services"))
    (only,) = scan.hosts
    found = ports(only)
    ssh = found["tcp", 443].identity
    assert (ssh.name, ssh.product, ssh.version, ssh.info) == (
        "ssh",
        "OpenSSH",
        "9.2p1 Debian 2+deb12u3",
        "protocol 2.0",
    )
    assert (ssh.system, ssh.cpe[0], ssh.proof) == ("Linux", "cpe:/a:openbsd:openssh:9.2p1", "pattern")
    assert found["tcp", 8443].identity.tls is not None
    assert found["tcp", 80].identity.tls is None
    assert (found["tcp", 22].ttl, found["tcp", 22].reason) == (64, "syn-ack")
    assert scan.complete
    assert (scan.stats.seconds, scan.started_at) == (12.31, 1795631856.0)
    assert scan.asked[:5] == ("nmap", "-n", "-Pn", "-sS", "-sV")


def test_ports_that_said_the_same_come_as_ranges():
    (only,) = read(sample("nmap-services")).hosts
    (rest,) = only.rest
    assert (rest.transport, rest.state, rest.reason, rest.count, rest.ports) == (
        "tcp",
        "closed",
        "reset",
        98,
        "1-21,23-79,81-100",
    )


def test_a_service_that_nmap_could_not_name_has_a_fingerprint_without_its_date():
    odd = ports(read(sample("nmap-services")).hosts[0])["tcp", 4117]
    assert (odd.identity, odd.held) == (None, "unknown")
    assert odd.fingerprint.startswith("nmap-")
    later = sample("nmap-services").replace(b"D=11/25", b"D=12/31").replace(b"Time=6B072AF6", b"Time=6B072BFF")
    assert ports(read(later).hosts[0])["tcp", 4117].fingerprint == odd.fingerprint


def test_a_name_from_the_table_is_no_identity():
    scan = read(sample("nmap-network"))
    assert [answer.identity for each in scan.hosts for answer in each.answers] == [None] * 3
    assert {answer.held for each in scan.hosts for answer in each.answers} == {"not-asked"}


def test_ipv6_and_the_hardware_address():
    (only,) = read(sample("nmap-ipv6")).hosts
    assert (only.address, only.mac, only.reason, only.up) == ("fd00:99:7::2", "02:00:00:00:00:02", "nd-response", True)
    assert only.rtt == pytest.approx(18e-6)


def test_udp_states_and_reasons():
    found = ports(read(sample("nmap-udp")).hosts[0])
    assert (found["udp", 7].state, found["udp", 7].reason) == ("open", "udp-response")
    assert (found["udp", 9].state, found["udp", 9].reason) == ("closed", "port-unreach")


def test_scripts_are_passed_over_and_filters_have_their_reason():
    found = ports(read(sample("nmap-filtered-scripts")).hosts[0])
    assert (found["tcp", 25].reason, found["tcp", 26].reason) == ("no-response", "admin-prohibited")
    assert found["tcp", 8443].notes == ()


def test_a_scan_that_was_stopped_says_so():
    scan = read(sample("nmap-interrupted"))
    assert (scan.hosts, scan.complete) == ((), False)
    assert scan.gaps[0].what == "the rest of the scan"


@pytest.mark.parametrize("cut", [1900, 2300, 2700, 4000])
def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(cut):
    scan = read(sample("nmap-services")[:cut])
    assert not scan.complete
    assert "breaks off in line" in scan.gaps[0].why
    assert [each.address for each in scan.hosts] == ["10.99.7.2"]
    assert all(answer.state == "open" for answer in scan.hosts[0].answers)


def test_masscan_s_hosts_of_one_port_become_one_host():
    (only,) = read(sample("masscan")).hosts
    found = ports(only)
    assert found["tcp", 22].identity.evidence.startswith("SSH-2.0-OpenSSH")
    assert (found["tcp", 80].identity.product, found["tcp", 80].reason) == ("nginx", "syn-ack")


BOMB = b'<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa">%s]><nmaprun args="%s"/>' % (
    b"".join([b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8)]),
    b"&i;",
)


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b'<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]><nmaprun>&x;</nmaprun>',
        b'<!DOCTYPE nmaprun [<!ATTLIST nmaprun args CDATA "x">]><nmaprun/>',
    ],
)
def test_declarations_are_refused_before_they_are_used(data):
    with pytest.raises(DataError, match="declares things of its own"):
        read(data)


def test_a_foreign_document_type_reads_nothing():
    scan = read(b'<!DOCTYPE nmaprun SYSTEM "file:///etc/passwd"><nmaprun start="1">&x;</nmaprun>')
    assert scan.hosts == ()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<nmaprun>\n<host></nmaprun>", "line 2: this is not well-formed"),
        (b"<html></html>", "line 1: the root element"),
        (b"<nmaprun>" + b"<a>" * 100, "nest deeper"),
        (b'<?xml version="1.0" encoding="UTF-7x"?><nmaprun/>', "well-formed|encoding"),
        (b"", "line 1: this is not well-formed"),
        (b'<nmaprun>\n<host><address addr="10.0.0.999"/></host></nmaprun>', "line 2: is not an address"),
        (b'<nmaprun start="soon"></nmaprun>', "is not a time"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(data, what):
    with pytest.raises(DataError, match=what):
        read(data)


def test_an_older_nmap_s_counts_get_their_ranges_where_only_one_group_can_have_them():
    inside = (
        b'<scaninfo type="syn" protocol="tcp" numservices="10" services="1-10"/>'
        b'<host><address addr="10.0.0.1"/><ports><extraports state="closed" count="9">'
        b'<extrareasons reason="resets" count="9"/></extraports><port protocol="tcp" portid="4">'
        b'<state state="open" reason="syn-ack" reason_ttl="64"/></port></ports></host>'
    )
    (rest,) = run(inside).hosts[0].rest
    assert (rest.reason, rest.count, rest.ports) == ("reset", 9, "1-3,5-10")


def test_states_that_hb_has_no_word_for_are_a_gap():
    inside = (
        b'<host><address addr="10.0.0.1"/><ports>'
        b'<port protocol="tcp" portid="4"><state state="unfiltered" reason="reset" reason_ttl="64"/></port>'
        b'<port protocol="ip" portid="6"><state state="open" reason="x" reason_ttl="1"/></port></ports></host>'
    )
    scan = run(inside)
    assert scan.hosts[0].answers == ()
    assert scan.gaps[0].what.startswith("2 ports in a state or of a protocol")


def port(service, args=b"nmap -sS -sV x"):
    inside = (
        b'<host><address addr="10.0.0.1"/><ports><port protocol="tcp" portid="4"><state state="open" reason="syn-ack" '
        b'reason_ttl="64"/>' + service + b"</port></ports></host>"
    )
    return run(inside, head=b'<nmaprun scanner="nmap" args="' + args + b'">').hosts[0].answers[0]


def test_tcpwrapped_is_silence_and_no_service():
    found = port(b'<service name="tcpwrapped" method="probed" conf="8"/>')
    assert (found.identity, found.held) == (None, "silent")
    assert "closes at once" in found.notes[0]


@pytest.mark.parametrize(
    ("args", "held"),
    [(b"nmap -sV x", "silent"), (b"nmap -sSV x", "silent"), (b"nmap -A x", "silent"), (b"nmap -sS x", "not-asked")],
)
def test_silence_is_told_from_not_having_asked(args, held):
    assert port(b'<service name="x" method="table" conf="3"/>', args).held == held


def test_names_are_gathered_and_a_service_inside_a_script_is_none():
    inside = (
        b'<hostnames><hostname name="a.example" type="user"/><hostname name="b.example" type="PTR"/>'
        b'<hostname name="a.example" type="PTR"/></hostnames><ports><port protocol="tcp" portid="4">'
        b'<state state="open" reason="syn-ack" reason_ttl="64"/>'
        b'<script id="x" output="y"><service name="evil" method="probed"/></script></port></ports>'
    )
    found = host(inside)
    assert found.names == ("a.example", "b.example")
    assert found.answers[0].identity is None


def test_a_failed_run_is_not_complete():
    scan = run(b'<runstats><finished time="200" exit="error" errormsg="x"/></runstats>')
    assert not scan.complete
    assert scan.gaps[0].why == "nmap did not come to its end"


def test_claims():
    assert claims(b"<?xml version='1.0'?>\n<nmaprun ")
    assert not claims(b"<?xml version='1.0'?>\n<html>")
