"""What scanners are asked, and how a measurement reads. Real scanners run in `make bench` alone."""

from __future__ import annotations

from bench.testbed.kit import Listen
from bench.testbed.measure import Measured, Run, summary, table, words_for, written
from bench.testbed.sayings import Saying
from bench.testbed.scoring import Port, rows

SSH = Listen(22, ("ssh",), product="OpenSSH", reveals="upstream")
DNS = Listen(53, ("domain",), transport="udp")
PORTS = [
    Port("openssh", "10.77.1.2", SSH, ("1:9.2p1-2",)),
    Port("openssh", "10.77.1.2", SSH.also(40022), ("1:9.2p1-2",)),
    Port("bind", "10.77.2.2", DNS, ("9.18",)),
]
GOOD = {
    PORTS[0].key: Saying("open", "ssh", "OpenSSH", "9.2p1"),
    PORTS[1].key: Saying("open", "ssh", "OpenSSH", "9.2p1"),
    PORTS[2].key: Saying("open", "domain"),
}
POOR = {PORTS[0].key: Saying("open", "ssh", "OpenSSH", "8|9"), PORTS[2].key: Saying("open", "domain", guessed=True)}
MEASURED = Measured(
    2,
    (
        Run("hb", 5.0, tuple(rows(PORTS, GOOD)), (), ()),
        Run("nmap", 100.0, tuple(rows(PORTS, POOR)), (("p910nd tcp/9100", 18),), ("bind",)),
        Run("nmap by host", 50.0, tuple(rows(PORTS, POOR)), (), ()),
    ),
    (("exim", "not installed: exim4\nmore"),),
)


def test_ports_are_asked_in_words_that_both_understand():
    assert words_for(PORTS) == "T:22,40022,U:53"
    assert words_for(PORTS[:1] * 2) == "T:22"
    assert words_for(PORTS[2:]) == "U:53"


def test_the_ratio_is_against_the_faster_nmap():
    assert MEASURED.peer.scanner == "nmap by host"
    assert MEASURED.ratio == 0.1


def test_the_summary_has_a_column_a_scanner():
    lines = summary(MEASURED)
    assert "| names right | 3 of 3, 100.0 % | 1 of 3, 33.3 % | 1 of 3, 33.3 % |" in lines
    assert "| versions right, of those revealed | 2 of 2, 100.0 % | 0 of 2, 0.0 % | 0 of 2, 0.0 % |" in lines
    assert "| right at home, not on a strange port | 0 | 1 | 1 |" in lines
    assert "| bytes sent to raw printers and serial lines | 0 | 18 | 0 |" in lines
    assert "| servers that ended meanwhile | 0 | bind | 0 |" in lines
    assert len({line.count("|") for line in lines}) == 1


def test_the_table_has_a_row_a_port_and_keeps_its_columns():
    lines = table(MEASURED)
    assert len(lines) == 2 + len(PORTS)
    assert len({line.count("|") for line in lines}) == 1
    assert "tcp/40022, strange" in lines[3]
    assert "- (name none)" in lines[3]
    assert "domain? (name guess)" in lines[4]


def test_what_did_not_come_up_is_said():
    text = written(MEASURED)
    assert "exim did not come up: not installed: exim4" in text
    assert "hb takes **0.05** of the time of nmap." in text
    assert "hb takes **0.10** of the time of nmap by host." in text
    assert "hb by host" not in text
