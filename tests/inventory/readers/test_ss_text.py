"""What ss prints becomes openings; what it does not print is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory import reading
from hb_engine.inventory.readers import ss_text
from hb_engine.model.coverage import would_show
from hb_engine.model.errors import DataError
from hb_engine.model.opening import Netns, Opening

TITLES = "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n"
TABLE = """\
udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=610,fd=13)) uid:101 ino:17 sk:1 cgroup:/system.slice/systemd-resolved.service <->
udp   UNCONN 0      0       [fe80::1]%eth0:546            [::]:*    users:(("systemd-network",pid=500,fd=20)) uid:100 ino:19 sk:2 cgroup:/system.slice/systemd-networkd.service v6only:1 <->
tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=871,fd=3)) ino:20 sk:3 cgroup:/system.slice/ssh.service <->
tcp   LISTEN 0      128             [::]:22            [::]:*    users:(("sshd",pid=871,fd=4)) ino:21 sk:4 cgroup:/system.slice/ssh.service v6only:1 <->
tcp   LISTEN 0      511                *:80               *:*    users:(("apache2",pid=10,fd=4),("apache2",pid=9,fd=4)) ino:22 sk:5 cgroup:/system.slice/apache2.service v6only:0 <->
tcp   ESTAB  0      0          10.0.0.5:22        10.0.0.9:5000  users:(("sshd",pid=900,fd=4)) ino:23 sk:6 <->
tcp   LISTEN 0      5            10.0.0.5:8000       0.0.0.0:*    uid:1000 ino:24 sk:7 <->
nl    UNCONN 0      0                 rtnl:1                 *    ino:25
"""  # noqa: E501 -- as it is printed


def read(text: str):
    (seen,) = ss_text.read(text.encode(), "web-1", 1000.0)
    return seen


def fake(kind: str, transport: str, port: int) -> Opening:
    return Opening(kind, transport, port, ("0.0.0.0",), ("ipv4",), "public", Netns(0, "", "host"))


def keys(text: str) -> list[str]:
    return [opening.key for opening in read(text).openings]


def test_a_table():
    seen = read(TITLES + TABLE)
    assert seen.host.name == "web-1"
    assert seen.taken_at == 1000.0
    assert keys(TITLES + TABLE) == [
        "udp/loopback/53/unit:systemd-resolved.service/host",
        "udp/link/546/unit:systemd-networkd.service/host",
        "tcp/public/22/unit:ssh.service/host",
        "tcp/public/80/unit:apache2.service/host",
        "tcp/private/8000/unknown/host",
    ]
    ssh = seen.openings[2]
    assert (ssh.addresses, ssh.families, ssh.inodes) == (("0.0.0.0", "::"), ("ipv4", "ipv6"), (20, 21))
    assert [owner.pid for owner in seen.openings[3].owners] == [10, 9]
    assert seen.openings[3].families == ("ipv4", "ipv6")
    assert ssh.uid == 0
    assert seen.openings[4].uid == 1000
    assert seen.openings[4].unowned is not None


def test_what_it_cannot_know_is_said():
    gaps = [gap.what for gap in read(TITLES + TABLE).coverage.gaps]
    assert gaps[0] == "the processes of 1 socket"
    assert any("raw and packet" in what for what in gaps)
    assert read(TITLES + TABLE).coverage.privileged is False


@pytest.mark.parametrize(
    ("text", "unasked"),
    [
        (TITLES + TABLE, "sctp dccp"),
        (TITLES + "tcp ESTAB 0 0 10.0.0.5:22 10.0.0.9:5000\nudp UNCONN 0 0 0.0.0.0:53 0.0.0.0:*\n", "sctp dccp"),
        (TITLES + "tcp LISTEN 0 5 0.0.0.0:80 0.0.0.0:*\nsctp LISTEN 0 5 0.0.0.0:80 0.0.0.0:*\n", "udp dccp"),
        ("State Recv-Q Send-Q Local Peer\nLISTEN 0 5 0.0.0.0:8080 0.0.0.0:*\n", "udp sctp dccp"),  # ss -tln
        ("UNCONN 0 0 0.0.0.0:53 0.0.0.0:*\n", "tcp sctp dccp"),  # ss -uln
        ("ESTAB 0 0 10.0.0.5:22 10.0.0.9:5000\n", "udp sctp dccp"),
    ],
)
def test_kinds_of_sockets_without_a_line_may_not_have_been_asked_for(text, unasked):
    seen = read(text)
    assert seen.coverage.gaps[-1].about == unasked
    for transport in ("tcp", "udp"):
        shown = would_show(seen.coverage, fake("listener", transport, 9999))
        assert shown is (transport not in unasked.split())


def test_one_kind_alone_has_no_column_for_it():
    assert keys("LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\nUNCONN 0 0 0.0.0.0:68 0.0.0.0:*\n") == [
        "tcp/public/22/unknown/host",
        "udp/public/68/unknown/host",
    ]


def test_mptcp_is_tcp_with_a_flag():
    (opening,) = read('mptcp LISTEN 0 5 *:443 *:* users:(("x",pid=1,fd=3))').openings
    assert (opening.transport, opening.flags) == ("tcp", ("mptcp",))


def test_a_container_is_known_by_its_cgroup():
    box = "4f1d" * 16
    (opening,) = read(f"tcp LISTEN 0 5 *:443 *:* ino:1 cgroup:/system.slice/docker-{box}.scope <->").openings
    assert opening.container is not None
    assert opening.container.id == box


@pytest.mark.parametrize("name", ['a",pid=1', "users:((", "x uid:0 ino:7", '"),("', "b) cgroup:/x.service"])
def test_a_process_may_call_itself_anything(name):
    line = f'tcp LISTEN 0 5 *:443 *:* users:(("{name}",pid=77,fd=3)) uid:33 ino:9 cgroup:/system.slice/real.service <->'
    (opening,) = read(line).openings
    assert (opening.uid, opening.unit) == (33, "real.service")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tcp LISTEN 0 128 0.0.0.0:ssh 0.0.0.0:*", "line 1: the port of a socket is no number; ss was run without -n"),
        ("tcp LISTEN 0 128 0.0.0.0:70000 0.0.0.0:*", "line 1: the port of a socket is none"),
        ("tcp LISTEN 0 128 hostname:22 0.0.0.0:*", "line 1: the address of a socket is none"),
        (TITLES, "the file has titles of ss and no socket"),
        (TITLES + "hello world", "line 2: this is no line of ss -tulpen"),
        (TITLES + "tcp LISTEN 0", "line 2: this line of ss is not whole"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, said):
    with pytest.raises(DataError) as caught:
        read(text)
    assert caught.value.message == said
    assert caught.value.remedy


@given(
    st.binary(max_size=300) | st.builds(lambda text: (TITLES + text).encode("utf-8", "replace"), st.text(max_size=200))
)
def test_no_file_breaks_it(data):
    try:
        found = ss_text.read(data, "x", 0.0)
    except DataError:
        return
    assert len(found) == 1


@given(st.lists(st.sampled_from(TABLE.replace("(", " ( ").split()), max_size=12))
def test_no_line_breaks_it(words):
    try:
        read(TITLES + " ".join(words))
    except DataError:
        return


def test_it_is_told_by_its_content():
    assert reading.read((TITLES + TABLE).encode(), "w", 1.0)[0].coverage.sources == ("ss (a file)",)
    assert reading.read(TABLE.encode(), "w", 1.0)[0].openings
