"""Logins: logind's files, utmp in both layouts (held against utmpdump), two variables of environments, any bytes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import logins
from hb_engine.inventory.linux.logins import (
    DEAD_PROCESS,
    NARROW,
    USER_PROCESS,
    WIDE,
    Login,
    is_address,
    is_user,
    parse_utmp,
    terminal,
    utmp,
)

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
by_terminal: Any = logins.by_terminal
parse_session: Any = logins.parse_session
past: Any = logins.past
session: Any = logins.session


SESSION = b"""# This is private data. Do not parse.
UID=1000
USER=deploy
ACTIVE=1
IS_DISPLAY=0
STATE=active
REMOTE=1
LEADER_FD_SAVED=1
TYPE=tty
ORIGINAL_TYPE=tty
CLASS=user
SCOPE=session-12.scope
FIFO=/run/systemd/sessions/12.ref
TTY=pts/3
TTY_VALIDITY=from-pam
REMOTE_HOST=198.51.100.7
SERVICE=sshd
LEADER=4100
AUDIT=12
REALTIME=1795363200123456
MONOTONIC=123456789
"""


def entry(user, line, host="", *, kind=USER_PROCESS, pid=4100, at=1795363200, address=b"", layout=NARROW):
    fields = (kind, pid, line.encode(), b"ts/3", user.encode(), host.encode(), 0, at, 123456, address)
    return layout.pack(*fields)


# -- logind ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "run/systemd/sessions"
    folder.mkdir(parents=True)
    (folder / "12").write_bytes(SESSION)
    (folder / "c1").write_bytes(SESSION.replace(b"STATE=active", b"STATE=closing").replace(b"REMOTE_HOST", b"#"))
    return str(tmp_path)


def test_a_session_tells_who_from_where_and_when(root):
    assert session("12", root) == Login(
        user="deploy",
        remote="198.51.100.7",
        service="sshd",
        tty="pts/3",
        session="12",
        at=1795363200.123456,
        leader=4100,
        ended=False,
        source="logind",
    )


def test_a_closing_session_has_ended(root):
    found = session("c1", root)
    assert (found.ended, found.remote) == (True, "")


@pytest.mark.parametrize("identifier", ["13", "../12", "", "12/x", "\n"])
def test_no_such_session_and_no_way_out_of_the_folder(root, identifier):
    assert session(identifier, root) is None


def test_escapes_in_a_session_are_undone():
    assert parse_session("1", rb"USER=a\x20b").user == "a b"


def test_a_session_without_a_user_is_none():
    assert parse_session("1", b"STATE=active\n") is None
    assert parse_session("1", b"UID=1000\nREALTIME=x\nLEADER=-1\n") == Login(
        user="1000", session="1", ended=False, source="logind"
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_a_session(data):
    assert parse_session("1", data) is None or parse_session("1", b"USER=x\n" + data)


# -- utmp ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [NARROW, WIDE], ids=["32 bit times", "64 bit times"])
def test_both_layouts_are_told_apart(layout):
    data = entry("deploy", "pts/3", "198.51.100.7", layout=layout) * 3
    assert [(login.user, login.tty, login.remote, login.at) for login in parse_utmp(data)] == [
        ("deploy", "pts/3", "198.51.100.7", 1795363200.123456)
    ] * 3


@pytest.mark.parametrize("layout", [NARROW, WIDE], ids=["32 bit times", "64 bit times"])
def test_a_length_that_fits_both_is_told_by_its_records(layout):
    data = entry("deploy", "pts/3", layout=layout) * (9600 // layout.size)
    assert {login.user for login in parse_utmp(data)} == {"deploy"}


def test_sizes_are_those_of_glibc():
    assert (NARROW.size, WIDE.size) == (384, 400)


@pytest.mark.parametrize(
    ("address", "remote"),
    [
        (b"", "host.example"),
        (bytes([198, 51, 100, 7]), "198.51.100.7"),
        (bytes.fromhex("20010db8000000000000000000000005"), "2001:db8::5"),
    ],
)
def test_the_address_of_a_record_comes_before_its_host(address, remote):
    assert next(parse_utmp(entry("deploy", "pts/3", "host.example", address=address))).remote == remote


def test_other_records_are_no_logins():
    kinds = [entry("x", "~", kind=kind) for kind in (0, 1, 2, 5, 6)]
    assert list(parse_utmp(b"".join(kinds))) == []


def test_a_half_written_record_is_passed_over():
    assert len(list(parse_utmp(entry("a", "pts/1") + entry("b", "pts/2")[:100]))) == 1


@given(st.binary(max_size=1700))
def test_any_bytes_are_a_utmp_file(data):
    for login in parse_utmp(data):
        assert isinstance(login.user, str)


def test_utmpdump_writes_what_we_read(tmp_path):
    """util-linux's own writer is the peer: text in, binary out."""
    if not shutil.which("utmpdump"):
        pytest.skip("utmpdump is not installed")
    names = b"[7] [04100] [ts/3] [deploy  ] [pts/3       ] [host.example        ] "
    line = names + b"[198.51.100.7   ] [2026-11-22T14:02:11,000001+00:00]\n"
    written = subprocess.run(["utmpdump", "-r"], input=line, capture_output=True, check=True).stdout
    found = list(parse_utmp(written))
    assert [(login.user, login.tty, login.remote, login.leader) for login in found] == [
        ("deploy", "pts/3", "198.51.100.7", 4100)
    ]


def test_who_reads_what_the_fixture_packs(tmp_path):
    """coreutils' own reader is the peer of our fixtures."""
    who = shutil.which("who")
    if not who or os.uname().machine != "x86_64":
        pytest.skip("who is not installed, or has another layout here")
    path = tmp_path / "utmp"
    path.write_bytes(entry("deploy", "pts/3", "198.51.100.7", pid=os.getpid()))
    shown = subprocess.run([who, str(path)], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("deploy ")
    assert "(198.51.100.7)" in shown


def write(root, name, data):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def test_utmp_is_read_where_it_is(tmp_path):
    assert utmp(str(tmp_path)) == ()
    write(tmp_path, "var/run/utmp", entry("old", "pts/0"))
    assert [login.user for login in utmp(str(tmp_path))] == ["old"]
    write(tmp_path, "run/utmp", entry("new", "pts/0"))
    assert [login.user for login in utmp(str(tmp_path))] == ["new"]


def test_a_terminal_belongs_to_its_latest_login():
    first, second = Login("a", tty="pts/3", at=10.0, ended=False), Login("b", tty="pts/3", at=20.0, ended=False)
    assert by_terminal((second, first), "pts/3").user == "b"
    assert by_terminal((second, first), "pts/3", before=15.0).user == "a"
    assert by_terminal((first,), "pts/4") is None
    assert by_terminal((Login("c", leader=77),), "", (76, 77)).user == "c"
    assert by_terminal((Login("gone", tty="pts/3", at=30.0, ended=True), first), "pts/3").user == "a"


def test_wtmp_tells_of_logins_that_have_ended(tmp_path):
    history = (
        entry("ann", "pts/3", "198.51.100.7", at=100),
        entry("", "pts/3", kind=DEAD_PROCESS, at=200),
        entry("bob", "pts/3", "203.0.113.9", at=300),
        entry("eve", "pts/4", at=350),
    )
    write(tmp_path, "var/log/wtmp", b"".join(history))
    assert past("pts/3", 150, str(tmp_path)).remote == "198.51.100.7"
    assert past("pts/3", 250, str(tmp_path)) is None
    assert past("pts/3", 400, str(tmp_path)).user == "bob"
    assert past("pts/3", 400, str(tmp_path)).source == "wtmp"
    assert past("pts/3", 50, str(tmp_path)) is None
    assert past("pts/3", 50, str(tmp_path / "absent")) is None


def test_only_the_end_of_a_large_wtmp_is_read(tmp_path):
    write(
        tmp_path,
        "var/log/wtmp",
        entry("old", "pts/1", at=1) + entry("x", "pts/9", at=2) * 100 + entry("new", "pts/2", at=3),
    )
    assert past("pts/2", 10, str(tmp_path), window=19200).user == "new"
    assert past("pts/1", 10, str(tmp_path), window=19200) is None


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (os.makedev(136, 3), "pts/3"),
        (os.makedev(137, 1), "pts/257"),
        (os.makedev(4, 1), "tty1"),
        (os.makedev(4, 64), "ttyS0"),
        (os.makedev(5, 1), ""),
        (0, ""),
    ],
)
def test_terminals_have_the_names_that_utmp_uses(number, name):
    assert terminal(number) == name


def test_a_real_terminals_number():
    controller, line = os.openpty()
    try:
        assert f"/dev/{terminal(os.fstat(line).st_rdev)}" == os.ttyname(line)
    finally:
        os.close(controller)
        os.close(line)


# -- environments ----------------------------------------------------------------------------------------------------


def fake(tmp_path, data):
    (tmp_path / "17").mkdir(exist_ok=True)
    (tmp_path / "17" / "environ").write_bytes(data)
    return logins.environ(17, str(tmp_path))


def test_two_variables_are_looked_for(tmp_path):
    data = b"PATH=/bin\0SSH_CONNECTION=198.51.100.7 50022 192.0.2.1 22\0SUDO_USER=deploy\0SECRET=hunter2\0"
    assert fake(tmp_path, data) == ("198.51.100.7", "deploy")
    assert fake(tmp_path, b"SSH_CONNECTION=fe80::1%eth0 5 fe80::2%eth0 22\0") == ("fe80::1%eth0", "")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"XSSH_CONNECTION=198.51.100.7 1 2 3\0MY_SUDO_USER=a\0",
        b"SSH_CONNECTION=\x1b[31m 1 2 3\0SUDO_USER=a b\0",
        b"SSH_CONNECTION=198.51.100.7\0SUDO_USER=\0",
        b"SSH_CONNECTION=hunter2-the-password 1 2 3\0SUDO_USER=" + b"x" * 65 + b"\0",
        b"SSH_CONNECTION=198.51.100.7%\n 1 2 3",
    ],
)
def test_what_is_no_address_and_no_user_is_dropped(tmp_path, data):
    assert fake(tmp_path, data) == ("", "")


@given(st.binary(max_size=300))
def test_any_bytes_are_an_environment(data):
    value = logins._variable(data, b"SSH_CONNECTION")
    assert len(value) <= 200


def test_a_real_environment():
    seen, closes = os.pipe()
    pid = os.fork()
    if pid == 0:
        environment = {"SSH_CONNECTION": "2001:db8::5 1 ::1 22", "SUDO_USER": "deploy"}
        os.execve("/bin/sleep", ["sleep", "60"], environment)  # noqa: S606  an environment of just these two
    os.close(closes)
    try:
        assert os.read(seen, 1) == b""
        assert logins.environ(pid) == ("2001:db8::5", "deploy")
    finally:
        os.close(seen)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert logins.environ(pid) == ("", "")


@pytest.mark.parametrize("text", ["192.0.2.1", "::1", "2001:db8::5", "fe80::1%eth0"])
def test_addresses(text):
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "host", "1.2.3", "::g", "fe80::1%", "fe80::1%a\x1bb", "1.2.3.4\0", "\ud800"])
def test_no_addresses(text):
    assert not is_address(text)


def test_names_of_users():
    assert is_user("deploy")
    assert is_user("CORP\\j.doe")
    assert is_user("svc$")
    assert not is_user("")
    assert not is_user("a b")
    assert not is_user("\x1b[0m")


# -- audit -----------------------------------------------------------------------------------------------------------


def test_audits_numbers(tmp_path):
    (tmp_path / "17").mkdir()
    (tmp_path / "17" / "loginuid").write_bytes(b"1000")
    (tmp_path / "17" / "sessionid").write_bytes(b"4294967295")
    assert logins.login_uid(17, str(tmp_path)) == 1000
    assert logins.audit_session(17, str(tmp_path)) is None
    assert logins.login_uid(18, str(tmp_path)) is None


@pytest.mark.root
def test_a_real_login_uid():
    if os.geteuid() != 0 or not os.path.exists("/proc/self/loginuid"):
        pytest.skip("needs root and a kernel with audit")
    ready, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with open("/proc/self/loginuid", "w") as login:
                login.write("4242")
            os.write(say, b"+")
        except OSError:
            os.write(say, b"-")
        signal.pause()
        os._exit(0)
    try:
        if os.read(ready, 1) != b"+":
            pytest.skip("the login uid may not be set here")
        assert logins.login_uid(pid) == 4242
        assert logins.audit_session(pid) is not None
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(ready)
        os.close(say)
