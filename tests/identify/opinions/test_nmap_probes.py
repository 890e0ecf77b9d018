"""The grammar of nmap-service-probes, on files written for these tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.opinions.nmap_probes import Book, Line, Probe, parse, spelled
from hb_engine.identify.opinions.worker import DOTALL, IGNORECASE
from hb_engine.model.errors import DataError

FILE = rb"""# Words of our own, in nmap's grammar.
Exclude T:9990-9999

Probe TCP NULL q||
totalwaitms 6000
tcpwrappedms 3000
match lamp m|^LAMP (\d+)\.(\d+) of (\S+)\r\n| p/Lamp daemon/ v/$1.$2/ i/in $3/ o/LampOS/ d/light/ h/$3/ ?
softmatch lamp m=^LAMP =

Probe TCP Turn q|TURN\x20on\r\n\0\\| no-payload
rarity 3
ports 70,7000-7010
sslports 7443
fallback NULL,Other
match bulb m%bright|dim%is v|$1/x|

Probe UDP Ask q#??# source=500
match bulb m|^!|
""".replace(b" ?\n", b" cpe:/a:lamp:lampd:$1.$2/ cpe:/o:lamp:lampos/a\n")


@pytest.fixture(scope="module")
def book():
    return parse(FILE)


def test_probes_and_what_belongs_to_each(book):
    first, second, third = book.probes
    assert book.exclude == "T:9990-9999"
    assert first == Probe(4, "tcp", "NULL", b"", totalwaitms=6000, tcpwrappedms=3000, lines=first.lines)
    assert (second.send, second.rarity, second.ports) == (b"TURN on\r\n\0\\", 3, "70,7000-7010")
    assert (second.sslports, second.fallback) == ("7443", ("NULL", "Other"))
    assert (third.transport, third.name, third.send, third.rarity) == ("udp", "Ask", b"??", 5)
    assert [len(probe.lines) for probe in book.probes] == [2, 1, 1]
    assert book.count == 4


def test_a_line_with_every_template(book):
    line = book.probes[0].lines[0]
    assert (line.number, line.service, line.soft, line.flags) == (7, "lamp", False, 0)
    assert (line.product, line.version, line.info) == ("Lamp daemon", "$1.$2", "in $3")
    assert (line.system, line.device, line.hostname) == ("LampOS", "light", "$3")
    assert line.cpe == ("a:lamp:lampd:$1.$2", "o:lamp:lampos")


def test_any_character_delimits_and_flags_follow(book):
    assert book.probes[0].lines[1] == Line(8, "lamp", b"^LAMP ", soft=True)
    line = book.probes[1].lines[0]
    assert (line.pattern, line.flags, line.version) == (b"bright|dim", IGNORECASE | DOTALL, "$1/x")
    assert spelled(line).folded


def test_probes_by_name(book):
    assert book.named("Turn", "tcp") is book.probes[1]
    assert book.named("Turn", "udp") is None


def test_lines_may_end_as_on_windows():
    assert parse(FILE.replace(b"\n", b"\r\n")) == parse(FILE)


HEAD = "Probe TCP NULL q||\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "there is no Probe"),
        ("# only words\n", 0, "there is no Probe"),
        ("match a m|b|\n", 1, "before the first Probe"),
        ("rarity 3\n", 1, "before the first Probe"),
        ("<xml>\n", 1, "before the first Probe"),
        (HEAD + "Exclude 7\n", 2, "'Exclude' is no word"),
        (HEAD + "lamp\n", 2, "'lamp' is no word"),
        ("Probe SCTP a q||\n", 1, "TCP or UDP"),
        ("Probe TCP\n", 1, "TCP or UDP"),
        ("Probe TCP a |x|\n", 1, "written q"),
        ("Probe TCP a q|x\n", 1, "closing '|' is missing"),
        ("Probe TCP a q\n", 1, "delimiter is missing"),
        ("Probe TCP a q|\\x1|\n", 1, "two digits"),
        ("Probe TCP a q|\\|\n", 1, "backslash at the end"),
        ("Probe TCP a q|x| more\n", 1, "'more' after"),
        (HEAD + "match a\n", 2, "a service and a pattern"),
        (HEAD + "match a |b|\n", 2, "a service and a pattern"),
        (HEAD + "match a m|b\n", 2, "closing '|' is missing"),
        (HEAD + "match a m|b|x\n", 2, "'x' after a pattern"),
        (HEAD + "\n\nmatch a m|b| q/x/\n", 4, "is no template"),
        (HEAD + "match a m|b| p/x\n", 2, "closing '/' is missing"),
        (HEAD + "match a m|b| cpe:/x\n", 2, "closing '/' is missing"),
        (HEAD + "rarity 10\n", 2, "from 1 to 9"),
        (HEAD + "rarity\n", 2, "from 1 to 9"),
        (HEAD + "totalwaitms -1\n", 2, "from 1 to 1000000"),
        (HEAD + "ports http\n", 2, "no list of ports"),
        (HEAD + "ports\n", 2, "no list of ports"),
    ],
)
def test_what_is_not_this_grammar_is_refused_with_its_line(text, line, words):
    with pytest.raises(DataError, match="probes") as caught:
        parse(text.encode(), "probes")
    assert words in caught.value.message
    assert caught.value.message.startswith(f"probes:{line}: " if line else "probes: ")


def test_bytes_that_are_no_text_stay_as_they_are():
    book = parse(b"Probe TCP a q|\xff\\xfe|\nmatch b m|^\xe9\\xe9|\n")
    assert book.probes[0].send == b"\xff\xfe"
    assert book.probes[0].lines[0].pattern == b"^\xe9\\xe9"


WORDS = st.sampled_from(
    ["Probe", "TCP", "NULL", "match", "softmatch", "m|a|", "q||", "p/x/", "ports", "7", "rarity", "\n"]
)


@given(st.binary(max_size=200) | st.lists(WORDS, max_size=12).map(lambda words: " ".join(words).encode()))
def test_any_bytes_are_a_book_or_refused(data):
    try:
        book = parse(data)
    except DataError:
        return
    assert isinstance(book, Book)
    assert book.probes
