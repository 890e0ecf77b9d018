"""The commands of a port's page: what they look like, and, where this system has them, what they really answer.

Those that look are run as they stand (without sudo) against listeners of our own; the packet filter's are only checked
by the filter itself (nft -c), which changes nothing.
"""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.ports.commands import EXAMPLE, Asked, checks, closing

ENGLISH = language("en")
BOTH = ("tcp", "udp")


def lines(systems):
    return {one.id: [text for each in one.commands for text in each.texts] for one in systems}


def test_both_transports():
    told = lines(checks(Asked(1703, BOTH), ENGLISH))
    assert list(told) == ["linux", "macos", "windows", "outside"]
    assert "sudo ss -Hlntup 'sport = :1703'" in told["linux"]
    assert "sudo fuser -v 1703/tcp 1703/udp" in told["linux"]
    assert "Get-NetUDPEndpoint -LocalPort 1703" in told["windows"]
    assert f"nmap -Pn -sV -p 1703 {EXAMPLE}" in told["outside"]
    assert f"sudo nmap -Pn -sU -sV -p 1703 {EXAMPLE}" in told["outside"]


@pytest.mark.parametrize(("transport", "other"), [("tcp", "udp"), ("udp", "tcp")])
def test_one_transport_alone(transport, other):
    asked = Asked(1703, (transport,))
    text = "\n".join(
        [
            line
            for told in (checks(asked, ENGLISH), closing(asked, ENGLISH))
            for some in lines(told).values()
            for line in some
        ]
    )
    assert f"sudo ss -Hln{transport[0]}p 'sport = :1703'" in text
    assert f"hb why {transport}/1703" in text
    assert other not in text.lower().replace("get-nettcpconnection", "").replace("test-netconnection", "")


def test_sctp_and_dccp_have_what_there_is():
    assert lines(checks(Asked(9, ("sctp",)), ENGLISH))["linux"][0] == "sudo ss -HlnSp 'sport = :9'"
    assert lines(checks(Asked(9, ("dccp",)), ENGLISH))["linux"] == ["sudo hb why dccp/9"]  # ss errs where there is none
    assert closing(Asked(9, ("sctp",)), ENGLISH) == ()
    assert "macos" not in lines(checks(Asked(9, ("sctp",)), ENGLISH))


def test_nothing_is_said_of_port_0():
    assert checks(Asked(0, BOTH), ENGLISH) == closing(Asked(0, BOTH), ENGLISH) == ()


def test_ranges_that_windows_takes_away_are_asked_about_where_it_takes_them():
    assert "netsh int ipv4 show excludedportrange protocol=udp" in lines(checks(Asked(1703, BOTH), ENGLISH))["windows"]
    assert not any("excluded" in one for one in lines(checks(Asked(80, BOTH), ENGLISH))["windows"])


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("http",), ["curl -vk -m 10 http://10.0.0.5:80/ -o /dev/null"]),
        (
            ("https",),
            ["curl -vk -m 10 https://10.0.0.5:80/ -o /dev/null", "openssl s_client -connect 10.0.0.5:80 </dev/null"],
        ),
        (("imaps",), ["openssl s_client -connect 10.0.0.5:80 </dev/null"]),
        (("ssh",), []),
    ],
)
def test_the_web_and_tls_are_asked_as_they_speak(names, wanted):
    told = lines(checks(Asked(80, BOTH, "10.0.0.5", names), ENGLISH))["outside"]
    assert [one for one in told if one.startswith(("curl", "openssl"))] == wanted


def test_what_holds_it_is_stopped_by_its_unit():
    told = lines(closing(Asked(22, ("tcp",), unit="ssh.service"), ENGLISH))
    assert told["stop"] == ["sudo systemctl disable --now ssh.service"]
    assert "stop" not in lines(closing(Asked(22, ("tcp",)), ENGLISH))


@pytest.mark.slow
@settings(deadline=None)
@given(st.integers(1, 65535), st.sampled_from([("tcp",), ("udp",), BOTH, ("sctp",), ("tcp", "udp", "sctp", "dccp")]))
def test_every_command_names_the_port_and_is_whole(port, transports):
    asked = Asked(port, transports)
    for system in (*checks(asked, ENGLISH), *closing(asked, ENGLISH)):
        for command in system.commands:
            assert command.means
            for text in command.texts:
                assert str(port) in text or "excludedportrange" in text
                assert "{" not in text or text.count("{") == text.count("}")
                if system.id not in ("windows", "netsh"):
                    assert shlex.split(text)


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_the_same_commands(code):
    asked = Asked(443, BOTH, names=("https",), unit="nginx.service")
    for make in (checks, closing):
        assert lines(make(asked, language(code))) == lines(make(asked, ENGLISH))


# -- run


def run(line, *, ok=(0,)):
    """A command as it stands, without sudo: its output, whatever stream."""
    done = subprocess.run(
        ["/bin/sh", "-c", line.replace("sudo ", "")], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in ok, (line, done.stdout, done.stderr)
    return done.stdout + done.stderr


def needs(*programs):
    missing = [name for name in programs if shutil.which(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"there is no {', '.join(missing)} here")


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6], ids=["v4", "v6"])
def tcp(request):
    with socket.socket(request.param) as made:
        try:
            made.bind(("127.0.0.1" if request.param == socket.AF_INET else "::1", 0))
        except OSError:
            pytest.skip("this machine has no such address")
        made.listen()
        yield made.getsockname()[1]


@pytest.fixture
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        yield made.getsockname()[1]


@pytest.fixture
def shut():
    """A port that is held and does not listen, so that nobody else opens it meanwhile."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        yield made.getsockname()[1]


def local(port, start, transports=BOTH):
    found = [
        one
        for one in lines(checks(Asked(port, transports, "127.0.0.1"), ENGLISH))["linux"]
        if one.startswith(f"sudo {start}")
    ]
    assert found, start
    return found


@needs("ss")
def test_ss_shows_who_listens_and_nothing_where_nobody_does(tcp, udp, shut):
    (line,) = local(tcp, "ss")
    assert f":{tcp}" in run(line)
    assert f"pid={os.getpid()}" in run(line)
    assert f":{udp}" in run(local(udp, "ss")[0])
    assert run(local(shut, "ss")[0]).strip() == ""
    assert run(local(udp, "ss", ("tcp",))[0]).strip() == ""


@needs("ss")
def test_ss_knows_sctp():
    assert run(local(9, "ss", ("sctp",))[0]).strip() == ""


@pytest.mark.slow
@needs("lsof")
def test_lsof_names_the_process(tcp, udp, shut):
    of_tcp, of_udp = local(tcp, "lsof")
    assert f" {os.getpid()} " in run(of_tcp)
    assert "(LISTEN)" in run(of_tcp)
    assert run(of_udp, ok=(1,)) == ""
    assert f" {os.getpid()} " in run(local(udp, "lsof")[1])
    assert run(local(shut, "lsof")[0], ok=(1,)) == ""


@needs("fuser")
def test_fuser_names_the_process(tcp, udp):
    assert str(os.getpid()) in run(local(tcp, "fuser", ("tcp",))[0])
    assert str(os.getpid()) in run(local(udp, "fuser", ("udp",))[0])


def outside(port, start, host="127.0.0.1", names=()):
    told = lines(checks(Asked(port, BOTH, host, names), ENGLISH))["outside"]
    return next(one for one in told if one.removeprefix("sudo ").startswith(start))


@needs("nc")
def test_nc_tells_open_from_refused(shut):
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        assert any(word in run(outside(made.getsockname()[1], "nc -vz ")) for word in ("succeeded", "open"))
    assert "refused" in run(outside(shut, "nc -vz "), ok=(1,))


@pytest.mark.slow
@needs("nmap")
def test_nmap_tells_open_from_closed(shut):
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        port = made.getsockname()[1]
        line = outside(port, "nmap -Pn -sV").replace("-sV", "")  # its questions about versions wait for long
        assert f"{port}/tcp open" in run(line)
    assert f"{shut}/tcp closed" in run(outside(shut, "nmap -Pn -sV"))


@pytest.mark.slow
@needs("nmap")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="UDP wants root")
def test_nmap_tells_a_closed_udp_port(shut):
    assert f"{shut}/udp closed" in run(outside(shut, "nmap -Pn -sU"))


@needs("curl")
def test_curl_asks_as_it_stands(shut):
    run(outside(shut, "curl", names=("http",)), ok=(7,))  # curl(1): could not connect


@needs("openssl")
def test_openssl_asks_as_it_stands(shut):
    run(outside(shut, "openssl", names=("https",)), ok=(1,))  # refused: nobody listens


@needs("nft")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="the filter answers root alone")
@pytest.mark.parametrize("transports", [("tcp",), ("udp",), BOTH])
def test_the_packet_filter_takes_the_rules(transports):
    line, undo = lines(closing(Asked(1703, transports), ENGLISH))["nftables"]
    run(line.replace("sudo nft ", "nft -c "))
    assert undo == "sudo nft delete table inet hb_1703"


@needs("unshare", "nft")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="a namespace of our own wants root")
def test_the_rules_are_made_and_undone_in_a_namespace_of_our_own():
    line, undo = [one.replace("sudo ", "") for one in lines(closing(Asked(1703, BOTH), ENGLISH))["nftables"]]
    look = local(1703, "nft")[0].replace("sudo ", "")
    script = f'{line} && {look} && {undo} && test -z "$(nft list ruleset)"'
    done = subprocess.run(
        ["unshare", "-n", "/bin/sh", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "tcp dport 1703 drop" in done.stdout
    assert "udp dport 1703 drop" in done.stdout
