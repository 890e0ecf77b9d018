"""Ports from words: what is meant, in which order it is asked, and what is told to who mistyped."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput
from hb_engine.scan import top
from hb_engine.scan.ports import EXAMPLES, PORT, Ports, as_text, in_order, parse

SERVICES = {
    "ssh": [("tcp", 22), ("udp", 22), ("sctp", 22)],
    "http": [("tcp", 80)],
    "http-alt": [("tcp", 8080)],
    "bootps": [("udp", 67)],
}


def named(pattern):
    head = pattern.rstrip("*")
    return [
        row
        for name, rows in SERVICES.items()
        if name == pattern or ("*" in pattern and name.startswith(head))
        for row in rows
    ]


def ask(*words, **more):
    return parse(words, named=named, **more)


BOTH = ("tcp", "udp")


@pytest.mark.parametrize(
    ("words", "transports", "tcp", "udp"),
    [
        (["22"], ("tcp",), "22", ""),
        (["22,80", "443"], ("tcp",), "22,80,443", ""),
        (["22"], BOTH, "22", "22"),
        (["8000-8003, 1"], ("tcp",), "1,8000-8003", ""),
        (["-3"], ("tcp",), "1-3", ""),
        (["65530-"], ("udp",), "", "65530-65535"),
        (["-"], ("tcp",), "1-65535", ""),
        (["all"], BOTH, "1-65535", "1-65535"),
        (["T:22,80,U:53,t:1"], ("tcp",), "1,22,80", "53"),
        (["U:53", "80"], ("tcp",), "80", "53"),
        (["udp/53,53/UDP,80"], ("tcp",), "80", "53"),
        (["udp/1-3"], ("tcp",), "", "1-3"),
        (["ssh"], ("tcp",), "22", ""),
        (["SSH"], BOTH, "22", "22"),
        (["http*"], ("tcp",), "80,8080", ""),
        (["udp/bootps"], ("tcp",), "", "67"),
        (["bootps,http"], BOTH, "80", "67"),
        (["0"], ("tcp",), "0", ""),
        (["0-2"], ("tcp",), "0-2", ""),
        (["00080"], ("tcp",), "80", ""),
        (["top:1,U:top:1"], ("tcp",), str(top.order("tcp")[0]), str(top.order("udp")[0])),
    ],
)
def test_what_is_meant(words, transports, tcp, udp):
    found = ask(*words, transports=transports)
    assert (as_text(found.tcp), as_text(found.udp)) == (tcp, udp)
    assert found.count == len(found.tcp) + len(found.udp)
    assert found.of("tcp") + found.of("udp") == found.tcp + found.udp


def test_the_commonest_are_asked_first_and_port_0_last():
    found = ask("0-65535").tcp
    assert len(found) == 65536
    assert found[:3] == top.order("tcp")[:3]
    assert found[-1] == 0
    assert ask("1-100").tcp[:2] == tuple([port for port in top.order("tcp") if port <= 100][:2])


def test_zero_is_asked_only_where_it_is_written():
    for words in ("all", "-", "-5", "top:65535"):
        assert 0 not in ask(words).tcp


def test_exclusions():
    assert as_text(ask("1-10", exclude=["3-4,9"]).tcp) == "1-2,5-8,10"
    assert ask("T:22,U:53", exclude=["U:53"]) == Ports((22,), ())
    assert ask("22,80", transports=BOTH, exclude=["22"]) == Ports((80,), (80,))
    assert ask("22", transports=BOTH, exclude=["tcp/ssh"]) == Ports((), (22,))
    assert ask("top:2", exclude=["top:1"]).tcp == top.first("tcp", 2)[1:]


MISTAKES = {
    "": ("'' has an empty item", EXAMPLES),
    "22,": ("'22,' has an empty item", EXAMPLES),
    "T:": ("'T:' has an empty item", EXAMPLES),
    "65536": ("'65536' is no port: a port has 16 bits, so the highest is 65535", PORT),
    "1-70000": ("'1-70000': '70000' is no port: a port has 16 bits, so the highest is 65535", PORT),
    "9" * 30: (f"'{'9' * 30}' is no port: a port has 16 bits, so the highest is 65535", PORT),
    "90-80": ("'90-80' ends before it begins", "Did you mean 80-90?"),
    "1-2-3": ("'1-2-3' is neither a port nor a range", EXAMPLES),
    "+5": ("'+5' is neither a port nor a range", EXAMPLES),
    "--5": ("'--5' is neither a port nor a range", EXAMPLES),
    "S:80": ("'S:80': 'S' is no transport", "T: stands before TCP, U: before UDP."),
    "sctp/80": ("'sctp/80': 'sctp' is no transport that is scanned", "Type tcp/ or udp/."),
    "80/sctp": ("'80/sctp': 'sctp' is no transport that is scanned", "Type tcp/ or udp/."),
    "udp/": ("'udp/' names a transport and no port", "Type the port as well: udp/53."),
    "top": ("'top' asks for no number of ports", "Type top:1 to top:65535."),
    "top:0": ("'top:0' asks for no number of ports", "Type top:1 to top:65535."),
    "top:x": ("'top:x' asks for no number of ports", "Type top:1 to top:65535."),
    "top:65536": ("'top:65536' asks for no number of ports", "Type top:1 to top:65535."),
    "sssh": ("no service that is called 'sssh' has a port", EXAMPLES),
    "bootps": ("'bootps' is registered for udp alone", "Type udp/bootps, or ask for that transport too."),
    "2\x1b2": ("'2\\x1b2' is too long, or holds characters that cannot be printed", EXAMPLES),
}


@pytest.mark.parametrize(("word", "told"), MISTAKES.items(), ids=list(MISTAKES))
def test_a_mistake_is_told_with_what_to_type(word, told):
    with pytest.raises(BadInput) as raised:
        ask(word)
    assert (raised.value.message, raised.value.remedy) == told


def test_nothing_is_no_question():
    with pytest.raises(BadInput, match="no port is to be asked"):
        ask()
    with pytest.raises(BadInput, match="leave no port"):
        ask("22", exclude=["1-100"])


@pytest.mark.slow
@given(st.sets(st.integers(0, 65535), max_size=20))
def test_text_and_back(ports):
    shown = as_text(ports)
    assert not ports or set(ask(shown).tcp) == ports
    assert set(in_order("udp", ports)) == ports


@given(st.text(max_size=30) | st.text("0123456789-,/:TUtopallssh*", max_size=30))
@example("\u00b2")
@example("top:\u00b2")
@example("-\u0663")
def test_nothing_but_bad_input_is_raised(word):
    told = ""
    try:
        ask(word, transports=BOTH, exclude=["ssh"])
    except BadInput as error:
        told = error.message + error.remedy
    assert told.isprintable()
