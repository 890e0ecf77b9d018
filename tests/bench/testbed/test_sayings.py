"""Scanners' output as sayings. The XML was written by hand after nmap's DTD and what nmap 7.93 prints."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from bench.testbed.sayings import SILENCE, Saying, of_hb, of_nmap

XML = """<?xml version="1.0"?>
<nmaprun scanner="nmap"><host><status state="up"/><address addr="10.77.1.2" addrtype="ipv4"/><ports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/>
 <service name="ssh" product="OpenSSH" version="9.2p1" extrainfo="protocol 2.0" method="probed" conf="10"/></port>
<port protocol="tcp" portid="443"><state state="open"/>
 <service name="http" product="nginx" tunnel="ssl" method="probed" conf="10"/></port>
<port protocol="tcp" portid="9100"><state state="open"/><service name="jetdirect" method="table" conf="3"/></port>
<port protocol="tcp" portid="10050"><state state="open"/><service name="tcpwrapped" method="probed" conf="8"/></port>
<port protocol="udp" portid="69"><state state="open|filtered"/></port>
<port protocol="tcp" portid="1883"><state state="open"/><service name="mqtt" method="probed" conf="3"/>
 <script id="mqtt-subscribe" output="mosquitto version 2.0.11"/></port>
</ports></host></nmaprun>"""


def test_nmaps_xml():
    said = of_nmap(XML)
    assert said["10.77.1.2", "tcp", 22] == Saying(
        "open", "ssh", "OpenSSH", "9.2p1", tls=False, guessed=False, rest="ssh OpenSSH protocol 2.0 "
    )
    assert said["10.77.1.2", "tcp", 443].tls
    assert said["10.77.1.2", "tcp", 9100].guessed
    assert said["10.77.1.2", "tcp", 10050].name == ""
    assert said["10.77.1.2", "udp", 69] == Saying("open|filtered")
    assert "mosquitto version 2.0.11" in said["10.77.1.2", "tcp", 1883].rest


def test_what_is_no_xml_is_refused():
    with pytest.raises(ET.ParseError):
        of_nmap("Starting Nmap")


def document(*ports):
    return {"schema": "hb/1", "kind": "scan", "hosts": [{"address": "10.77.1.2", "ports": list(ports)}]}


def test_hbs_json():
    service = {"name": "ssh", "product": "OpenSSH", "version": "9.2p1", "tls": None, "proof": "banner", "info": "2.0"}
    said = of_hb(
        document(
            {"transport": "tcp", "port": 22, "state": "open", "service": service},
            {"transport": "tcp", "port": 23, "state": "closed", "service": None},
            {"transport": "tcp", "port": 9100, "state": "open", "service": {"name": "jetdirect", "proof": "port"}},
            {
                "transport": "tcp",
                "port": 443,
                "state": "open",
                "service": {"name": "http", "tls": {"version": "TLSv1.3"}},
            },
        )
    )
    assert said["10.77.1.2", "tcp", 22] == Saying("open", "ssh", "OpenSSH", "9.2p1", rest="ssh OpenSSH 2.0")
    assert said["10.77.1.2", "tcp", 23] == Saying("closed")
    assert said["10.77.1.2", "tcp", 9100].guessed
    assert said["10.77.1.2", "tcp", 443].tls


def test_another_kind_of_document_is_refused():
    with pytest.raises(ValueError, match="inventory"):
        of_hb({"schema": "hb/1", "kind": "inventory", "hosts": []})


def test_silence_says_nothing():
    assert not SILENCE.name
    assert not SILENCE.guessed
