"""`listen`: what each sentence comes to, and what is said of those that are none, at which character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.mistakes import is_told_well

from hb_engine.baseline.language import listen
from hb_engine.baseline.language.nodes import LONGEST, Mistake
from hb_engine.model.baseline import Listen
from hb_engine.model.endpoint import SCOPES

KNOWN = {
    "https": (("tcp", 443), ("udp", 443)),
    "domain": (("tcp", 53), ("udp", 53)),
    "syslog": (("udp", 514),),
    "multi": (("tcp", 7), ("tcp", 1)),
}


def alike(name):
    return tuple([one for one in KNOWN if one[0] == name[0]])


def parse(text):
    return listen.parse(text, lambda name: KNOWN.get(name, ()), alike)


def refused(text):
    with pytest.raises(Mistake) as raised:
        parse(text)
    return raised.value.at, f"{raised.value.message} | {raised.value.remedy}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tcp/443", Listen("tcp", 443, 443)),
        ("tcp/443 on private", Listen("tcp", 443, 443, scope="private")),
        ("udp/5000-5010 on loopback", Listen("udp", 5000, 5010, scope="loopback")),
        ("tcp/1-65535", Listen("tcp", 1, 65535)),
        ("tcp/00080", Listen("tcp", 80, 80)),
        ("vsock/4294967295", Listen("vsock", 4294967295, 4294967295)),
        ("tcp/ephemeral on loopback", Listen("tcp", place="ephemeral", scope="loopback")),
        ("raw/any", Listen("raw", place="any")),
        ("any/any", Listen("any", place="any")),
        ("tcp/https on link", Listen("tcp", 443, 443, scope="link")),
        ("any/domain", Listen("any", 53, 53)),
        ("tcp/80 on iface:eth0", Listen("tcp", 80, 80, interface="eth0")),
        (
            "tcp/80 on netns:container private net:10.0.0.0/8 net:fd00::/8 iface:br0",
            Listen("tcp", 80, 80, "ports", "private", "br0", ("10.0.0.0/8", "fd00::/8"), "container"),
        ),
        ("tcp/80 on net:10.0.0.5", Listen("tcp", 80, 80, networks=("10.0.0.5/32",))),
    ],
)
def test_one_place(text, place):
    assert parse(text) == (Listen(**{**{name: getattr(place, name) for name in NAMES}, "text": text}),)


NAMES = ("transport", "first", "last", "place", "scope", "interface", "networks", "netns")


def test_several_places_each_with_its_own_text():
    found = parse("tcp/443 on public,udp/443 ,  tcp/22   on private")
    assert [place.text for place in found] == ["tcp/443 on public", "udp/443", "tcp/22 on private"]
    assert [place.scope for place in found] == ["public", "public", "private"]


def test_a_service_may_have_several_ports():
    assert [(place.first, place.last) for place in parse("tcp/multi")] == [(1, 1), (7, 7)]


def test_without_a_registry_no_name_is_known():
    with pytest.raises(Mistake, match="no service is called 'https'"):
        listen.parse("tcp/https")


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("443", 0, "'443' has no transport | Write tcp/443."),
        ("443/tcp", 0, "443/tcp is the wrong way round | Write tcp/443."),
        ("8080:80", 0, "'8080:80' is no place | Write tcp/80, or tcp/8080."),
        ("tcp:443", 3, "a port stands after a slash, not ':' | Write tcp/443."),
        ("tcp", 0, "tcp names no port | Write tcp/any for all, or tcp/443."),
        ("tcp/", 4, "no port stands after tcp/ | Write tcp/443, or tcp/any."),
        ("tcp/70000", 4, "'70000' is no port | Ports are 1 to 65535."),
        ("tcp/0", 4, "'0' is no port | Ports are 1 to 65535."),
        ("tcp/200-100", 4, "this range ends before it begins: 200-100 | Write tcp/100-200."),
        ("tcp/80-", 4, "a range has two ends: 80- | Write tcp/80-65535."),
        ("tcp/-80", 4, "a range has two ends: -80 | Write tcp/1-80."),
        ("tcp/80:90", 6, "'80:90' is no port and no service | Write tcp/80-90."),
        ("tcp/443 on publik", 11, "'publik' is no scope | Did you mean public?"),
        ("tcp/443 on eth0", 11, "'eth0' is no scope | Write on iface:eth0."),
        ("tcp/443 on lo", 11, "'lo' is no scope | Write on loopback."),
        ("tcp/443 on docker", 11, "'docker' is no scope | Write on netns:container."),
        ("tcp/443 on Public", 11, "scopes are written in small letters: Public | Write on public."),
        ("tcp/443 public", 8, "on is missing here | Write on public."),
        (
            "tcp/443 on",
            8,
            (
                "nothing stands after on | "
                "It is followed by loopback, link, private, public, iface:NAME, net:CIDR or netns:CLASS."
            ),
        ),
        ("tcp/443 on private public", 19, "the scope is said twice | The widest alone is enough."),
        ("tcp/443 on iface:", 11, "nothing stands after iface: | Write iface:eth0, without a space."),
        ("tcp/443 on iface: eth0", 11, "nothing stands after iface: | Write iface:eth0, without a space."),
        (
            "tcp/443 on net:10.0.0.1/8",
            15,
            (
                "'10.0.0.1/8' is an address inside of a network | "
                "Write 10.0.0.0/8 for the network, or 10.0.0.1 for the address alone."
            ),
        ),
        ("tcp/443 on net:foo", 15, "'foo' is no network | Write one such as 10.0.0.0/8 or fd00::/8."),
        (
            "tcp/443 on netns:kontainer",
            17,
            "there is no class of network namespaces 'kontainer' | Did you mean netns:container?",
        ),
        ("tcp/443,,tcp/80", 7, "there is a comma here with nothing beside it | Leave it out."),
        ("tcp/443,", 7, "there is a comma here with nothing beside it | Leave it out."),
        (",tcp/443", 0, "there is a comma here with nothing beside it | Leave it out."),
        ("tcp/80,443", 7, "'443' has no transport | Write tcp/443."),
        ("tcp/80 udp/53", 7, "a comma is missing here | Write it before udp/53."),
        ("tcp/80 and udp/53", 7, "places stand with commas between them, not 'and' | Write a comma."),
        ("tcp/80 on private and udp/53", 18, "'and' has no place here | A comma begins the next place."),
        ("tcp/80; udp/53", 6, "places stand with commas between them, not ';' | Write a comma."),
        ("TCP/80", 0, "transports are written in small letters: TCP | Write tcp/80."),
        ("tcp6/80", 0, "there is no transport 'tcp6' | Write tcp/80."),
        ("icmp/8", 0, "there is no transport 'icmp' | Write raw/any."),
        (
            "unix/foo",
            0,
            "unix sockets have no place in a baseline | hb looks at what a network can reach; leave this out.",
        ),
        ("raw/1", 4, "raw sockets have no ports | Write raw/any."),
        ("tpc/80", 0, "there is no transport 'tpc' | Did you mean tcp/80?"),
        ("tcp/htps", 4, "no service is called 'htps' | Did you mean tcp/https?"),
        ("tcp/syslog", 4, "'syslog' is not registered for tcp | Did you mean udp/syslog?"),
        ("https", 0, "'https' has no transport | Write tcp/https."),
        ("tcp/*", 4, "all ports are called any, not '*' | Write tcp/any."),
        ("0.0.0.0:443", 0, "'0.0.0.0:443' is an address; a rule says how far it reaches | Write tcp/443."),
        ("127.0.0.1:80", 0, "'127.0.0.1:80' is an address; a rule says how far it reaches | Write tcp/80 on loopback."),
        ("[::]:443", 0, "'[::]:443' is an address; a rule says how far it reaches | Write tcp/443."),
        (
            "[fd00::1]:443",
            0,
            "'[fd00::1]:443' is an address; a rule says how far it reaches | Write tcp/443 on net:fd00::1/128.",
        ),
        ("*:80", 0, "'*:80' is an address; a rule says how far it reaches | Write tcp/80."),
        (":80", 0, "':80' is an address; a rule says how far it reaches | Write tcp/80."),
        ("tcp/80 on 10.0.0.0/8", 10, "'10.0.0.0/8' is no scope | Write on net:10.0.0.0/8."),
        ("tcp/80 on 10.0.0.5", 10, "'10.0.0.5' is no scope | Write on net:10.0.0.5."),
        ("tcp/80 on dev:eth0", 10, "there is no dev: here | Write iface:eth0."),
        ("tcp/80 on world", 10, "'world' is no scope | Write on public."),
        ("tcp/ephemral", 4, "no service is called 'ephemral' | Did you mean tcp/ephemeral?"),
        ("foo", 0, "'foo' is no place | Write tcp/443, or tcp/443 on private."),
        ("tcp/80-90-100", 4, "no service is called '80-90-100' | Write its number."),
        ("tcp/1e3", 4, "no service is called '1e3' | Write its number."),
        ("quic/443", 0, "there is no transport 'quic' | Write udp/443."),
        ("tcp/http:", 8, "'http:' is no port and no service | Write tcp/http."),
        ("tcp/99999999999999999999", 4, "'99999999999999999999' is no port | Ports are 1 to 65535."),
        ("tcp/\uff18\uff10", 4, "no service is called '\uff18\uff10' | Write its number."),
        ("80-90", 0, "'80-90' has no transport | Write tcp/80-90."),
        ("on private", 0, "a place stands before 'on' | Write tcp/443, or tcp/443 on private."),
        ("tcp / 80", 0, "a place is one word | Write tcp/80, without spaces."),
        ("tcp/ 80", 0, "a place is one word | Write tcp/80, without spaces."),
        (
            "http/80",
            0,
            "there is no transport 'http' | It is one of tcp, udp, udplite, sctp, dccp, raw, packet, vsock and any.",
        ),
        ("any", 0, "any names a transport or all ports, and one is missing | Write any/any."),
        ("localhost", 0, "'localhost' is no place | Write tcp/443, or tcp/443 on private."),
    ],
)
def test_sentences_that_are_none(text, at, told):
    assert refused(text) == (at, told)


def test_nothing_and_too_much():
    assert refused("  ") == (0, "listen says nothing | Write tcp/443, or tcp/443 on private.")
    assert refused("tcp/1, " * LONGEST)[1].startswith(f"listen has more than {LONGEST} characters")
    assert "more than 256 places" in refused(", ".join(["tcp/1"] * 257))[1]


def test_networks():
    assert listen.network("fd00::/8", 0) == "fd00::/8"
    with pytest.raises(Mistake) as raised:
        listen.network("fd00::1/8", 5)
    assert (raised.value.at, raised.value.remedy) == (
        5,
        "Write fd00::/8 for the network, or fd00::1 for the address alone.",
    )


@given(
    st.sampled_from(["tcp", "udp", "sctp", "any"]),
    st.integers(1, 65535),
    st.integers(0, 100),
    st.sampled_from(["", *SCOPES]),
    st.sampled_from(["", "iface:eth0", "netns:any", "net:10.0.0.0/8"]),
)
def test_what_is_written_is_what_is_read(transport, first, more, scope, limit):
    last = min(65535, first + more)
    reach = " ".join(filter(None, (scope, limit)))
    text = f"{transport}/{first}-{last}" + (f" on {reach}" if reach else "")
    (place,) = parse(text)
    assert (place.transport, place.first, place.last, place.scope) == (transport, first, last, scope or "public")
    assert (place.interface, place.netns) == ("eth0" * (limit[:2] == "if"), "any" if "netns" in limit else "host")


@given(st.text("tcpudp/0123456789-, onprivateblic:ifaceth.*[]", max_size=40) | st.text(max_size=20))
def test_no_text_raises_anything_but_a_mistake_inside_of_it(text):
    assert is_told_well(parse, text)
