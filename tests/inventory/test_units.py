"""Unit files: precedence, drop-ins, masks, specifiers, every form of Listen line; held against systemd's own tools."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.units import (
    FOLDERS,
    Listen,
    Units,
    parse,
    parse_listen,
    template_of,
)

V4, V6 = bytes(4), bytes(16)


def packed(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


class Tree:
    """A root folder to put units into."""

    def __init__(self, root) -> None:
        self.root = str(root)

    def put(self, path, *lines):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w") as file:
            file.write("\n".join(lines) + "\n")
        return full

    def usr(self, name, *lines):
        return self.put(f"usr/lib/systemd/system/{name}", *lines)

    def etc(self, name, *lines):
        return self.put(f"etc/systemd/system/{name}", *lines)

    def link(self, name, target, folder="etc/systemd/system"):
        full = os.path.join(self.root, folder, name)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        os.symlink(target, full)

    def units(self):
        return Units(self.root)


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def names(units):
    return [unit.name for unit in units]


# -- the syntax ------------------------------------------------------------------------------------------------------


def test_sections_keys_and_repeated_values():
    found = parse(b"[Unit]\nDescription = A b \n[Socket]\nListenStream=1\nListenStream=2\n")
    assert found == {("Unit", "Description"): ["A b"], ("Socket", "ListenStream"): ["1", "2"]}


def test_an_empty_value_resets_the_list():
    assert parse(b"[Socket]\nListenStream=1\nListenStream=\nListenStream=3\n")[("Socket", "ListenStream")] == ["3"]


def test_comments_and_continued_lines():
    text = b"[Unit]\n# no\n; no\nDescription=one \\\n# between\ntwo \\\n three\nOther=x\n"
    assert parse(text) == {("Unit", "Description"): ["one  two  three"], ("Unit", "Other"): ["x"]}


def test_lines_outside_of_sections_say_nothing():
    assert parse(b"ListenStream=1\n[Socket\nx\n=\n") == {}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_unit_file(data):
    for (section, key), values in parse(data).items():
        assert isinstance(section + key, str)
        assert all(values)


# -- listen lines ----------------------------------------------------------------------------------------------------

LISTENS = {
    "22": ("tcp", None, 22),
    "0.0.0.0:22": ("tcp", V4, 22),
    "127.0.0.1:3000": ("tcp", packed("127.0.0.1"), 3000),
    "[::]:22": ("tcp", V6, 22),
    "[::1]:22": ("tcp", packed("::1"), 22),
    "[fe80::1%eth0]:22": ("tcp", packed("fe80::1"), 22),
    "[::ffff:192.0.2.1]:22": ("tcp", packed("192.0.2.1"), 22),
    "vsock::22": ("vsock", b"\xff\xff\xff\xff", 22),
    "vsock:2:1234": ("vsock", b"\0\0\0\2", 1234),
    "vsock-stream:2:1234": ("vsock", b"\0\0\0\2", 1234),
    "@abstract": ("unix", b"@abstract", None),
    "/run/x.sock": ("unix", b"/run/x.sock", None),
}


@pytest.mark.parametrize(("text", "parts"), LISTENS.items())
def test_forms_of_listen_lines(text, parts):
    assert parse_listen(text, "tcp") == Listen(transport=parts[0], address=parts[1], port=parts[2], text=text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "0",
            "65536",
            "999999999999",
            "-1",
            "abc",
            "1.2.3.4",
            "1.2.3.4:",
            "1.2.3.4:x",
            "1.2.3:22",
            "::1:22",
            "[::1]",
        ),
        *("[::1]:99999", "vsock:x:1", "vsock:1", "vsock:1:", "vsock:1:99999999999", "\u0661", "a\0b:1", "audit 1"),
    ],
)
def test_what_is_no_listen_line(text):
    assert parse_listen(text, "tcp") is None


@given(st.text(max_size=40))
def test_any_text_is_a_listen_line_or_none(text):
    found = parse_listen(text, "udp")
    assert found is None or found.text == text


# -- where units are -------------------------------------------------------------------------------------------------


def test_etc_comes_before_run_before_usr(tree):
    tree.usr("a.service", "[Unit]", "Description=usr")
    assert tree.units().describe("a.service").description == "usr"
    tree.put("run/systemd/system/a.service", "[Unit]", "Description=run")
    assert tree.units().describe("a.service").description == "run"
    path = tree.etc("a.service", "[Unit]", "Description=etc", "[Service]", "Type=oneshot")
    found = tree.units().describe("a.service")
    assert (found.description, found.type, found.path, found.masked) == ("etc", "oneshot", path, False)


def test_the_folders_are_systemds_own():
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    environment = {name: value for name, value in os.environ.items() if name != "SYSTEMD_UNIT_PATH"}
    asked = ["systemd-analyze", "--system", "unit-paths"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        pytest.skip(f"systemd-analyze does not answer here: {done.stderr.strip()}")
    theirs = [line.lstrip("/") for line in done.stdout.split() if "/system" in line]
    assert [folder for folder in FOLDERS if folder in theirs] == [folder for folder in theirs if folder in FOLDERS]
    assert set(theirs) <= set(FOLDERS)


def test_a_merged_usr_is_not_looked_at_twice(tree):
    tree.usr("a.service", "[Unit]")
    os.symlink("usr/lib", os.path.join(tree.root, "lib"))
    assert tree.units().folders == [os.path.join(tree.root, "usr/lib/systemd/system")]


def test_without_a_merged_usr_both_count(tree):
    tree.usr("a.service", "[Unit]", "Description=usr")
    tree.put("lib/systemd/system/a.service", "[Unit]", "Description=lib")
    assert tree.units().describe("a.service").description == "lib"


def test_what_is_not_there_and_what_is_masked(tree):
    assert tree.units().describe("none.service").path is None
    tree.usr("a.service", "[Unit]", "Description=x")
    tree.link("a.service", "/dev/null")
    found = tree.units().describe("a.service")
    assert (found.masked, found.description) == (True, "")
    tree.usr("empty.service", "[Unit]")
    open(os.path.join(tree.root, "etc/systemd/system/empty.service"), "w").close()
    assert tree.units().describe("empty.service").masked


def test_an_instance_is_described_by_its_template(tree):
    tree.usr("getty@.service", "[Unit]", "Description=Getty on %I, %i, %p, 100%%")
    assert tree.units().describe("getty@dev-tty1.service").description == "Getty on dev/tty1, dev-tty1, getty, 100%"


def test_a_nested_name_is_described_by_its_last_part(tree):
    tree.usr("foo.service", "[Unit]", "Description=Foo")
    assert tree.units().describe("user@1000.service/app.slice/foo.service").description == "Foo"


@pytest.mark.parametrize("name", ["", ".", "..", "../../etc/passwd", "a/../b"])
def test_names_do_not_leave_the_folders(tree, name):
    assert tree.units().find(name) is None


def test_dropins_lie_over_the_unit(tree):
    tree.usr("a.service", "[Unit]", "Description=usr", "[Service]", "Type=simple")
    tree.put("usr/lib/systemd/system/a.service.d/50-x.conf", "[Unit]", "Description=hidden")
    tree.etc("a.service.d/50-x.conf", "[Unit]", "Description=etc dropin")
    tree.etc("a.service.d/10-y.conf", "[Unit]", "Description=earlier", "[Service]", "Type=notify")
    tree.etc("a.service.d/99.notconf", "[Unit]", "Description=no")
    tree.link("90-mask.conf", "/dev/null", "etc/systemd/system/a.service.d")
    found = tree.units().describe("a.service")
    assert (found.description, found.type) == ("etc dropin", "notify")
    assert [os.path.basename(path) for path in found.dropins] == ["10-y.conf", "50-x.conf"]


def test_dropins_of_prefixes_templates_and_types(tree):
    tree.usr("a-b-c@.service", "[Unit]", "Description=x")
    tree.etc("service.d/1.conf", "[Service]", "Type=simple")
    tree.etc("a-.service.d/2.conf", "[Service]", "Type=forking")
    tree.etc("a-b-.service.d/3.conf", "[Unit]", "Description=prefix")
    tree.etc("a-b-c@.service.d/4.conf", "[Service]", "Type=dbus")
    tree.etc("a-b-c@i.service.d/5.conf", "[Unit]", "Description=instance")
    found = tree.units().describe("a-b-c@i.service")
    assert (found.description, found.type, len(found.dropins)) == ("instance", "dbus", 5)


# -- socket units ----------------------------------------------------------------------------------------------------


def test_a_bare_port_is_every_address(tree):
    tree.usr(
        "ssh.socket",
        "[Unit]",
        "Description=OpenBSD Secure Shell server socket",
        "[Socket]",
        "ListenStream=22",
        "Accept=no",
    )
    units = tree.units()
    for address in (V6, V4):
        (found,) = units.match("tcp", address, 22)
        assert (found.name, found.service, found.accept) == ("ssh.socket", "ssh.service", False)
        assert found.description == "OpenBSD Secure Shell server socket"
    assert units.match("tcp", packed("127.0.0.1"), 22) == ()
    assert units.match("udp", V6, 22) == ()
    assert units.match("tcp", V6, 23) == ()


def test_an_exact_address_comes_before_a_wildcard(tree):
    tree.usr("any.socket", "[Socket]", "ListenStream=80")
    tree.usr("exact.socket", "[Socket]", "ListenStream=0.0.0.0:80", "ListenStream=192.0.2.1:80")
    assert names(tree.units().match("tcp", V4, 80)) == ["exact.socket", "any.socket"]
    assert names(tree.units().match("tcp", packed("192.0.2.1"), 80)) == ["exact.socket"]
    assert names(tree.units().match("tcp", packed("::ffff:192.0.2.1"), 80)) == ["exact.socket"]


def test_transports_of_socket_units(tree):
    tree.usr("syslog.socket", "[Socket]", "ListenDatagram=514", "ListenStream=514")
    tree.usr("lite.socket", "[Socket]", "ListenDatagram=9", "SocketProtocol=udplite")
    tree.usr("sctp.socket", "[Socket]", "ListenStream=36412", "SocketProtocol=sctp")
    tree.usr("mp.socket", "[Socket]", "ListenStream=8443", "SocketProtocol=mptcp")
    tree.usr(
        "seq.socket", "[Socket]", "ListenSequentialPacket=/run/seq", "ListenFIFO=/run/fifo", "ListenNetlink=audit 1"
    )
    tree.usr("vsock.socket", "[Socket]", "ListenStream=vsock::22")
    units = tree.units()
    assert names(units.match("udp", V6, 514)) == names(units.match("tcp", V6, 514)) == ["syslog.socket"]
    assert names(units.match("udplite", V6, 9)) == ["lite.socket"]
    assert units.match("udp", V6, 9) == ()
    assert names(units.match("sctp", V4, 36412)) == ["sctp.socket"]
    assert names(units.match("tcp", V6, 8443)) == ["mp.socket"]
    assert names(units.match("vsock", b"\xff\xff\xff\xff", 22)) == ["vsock.socket"]
    assert names(units.match("unix", "/run/seq", None)) == ["seq.socket"]


def test_abstract_names_and_paths(tree):
    tree.usr("u.socket", "[Socket]", "ListenStream=@/tmp/x", "ListenStream=%t/y")
    assert names(tree.units().match("unix", "@/tmp/x", None)) == ["u.socket"]
    assert names(tree.units().match("unix", b"/run/y", None)) == ["u.socket"]


def test_accept_starts_instances_of_a_template(tree):
    tree.usr("telnet.socket", "[Socket]", "ListenStream=23", "Accept=yes")
    (found,) = tree.units().match("tcp", V6, 23)
    assert (found.service, found.accept) == ("telnet@.service", True)


def test_service_names_another_unit(tree):
    tree.usr("web.socket", "[Socket]", "ListenStream=80", "Service=proxy.service", "BindToDevice=eth0")
    (found,) = tree.units().match("tcp", V6, 80)
    assert (found.service, found.device) == ("proxy.service", "eth0")


def test_a_dropin_moves_the_port(tree):
    tree.usr("ssh.socket", "[Socket]", "ListenStream=22")
    tree.etc("ssh.socket.d/override.conf", "[Socket]", "ListenStream=", "ListenStream=2222")
    assert tree.units().match("tcp", V6, 22) == ()
    assert names(tree.units().match("tcp", V6, 2222)) == ["ssh.socket"]


def test_a_masked_socket_listens_to_nothing(tree):
    tree.usr("ssh.socket", "[Socket]", "ListenStream=22")
    tree.link("ssh.socket", "/dev/null")
    assert tree.units().match("tcp", V6, 22) == ()


def test_instances_of_socket_templates(tree):
    tree.usr("echo@.socket", "[Socket]", "ListenStream=127.0.0.1:%i", "Service=echo-%p@%i.service")
    tree.link("echo@7777.socket", "../echo@.socket", "etc/systemd/system/sockets.target.wants")
    (found,) = tree.units().match("tcp", packed("127.0.0.1"), 7777)
    assert (found.name, found.service) == ("echo@7777.socket", "echo-echo@7777.service")
    assert names(tree.units().sockets()) == ["echo@7777.socket"]


def test_nothing_is_scanned_before_somebody_asks(tree, monkeypatch):
    tree.usr("a.service", "[Unit]", "Description=x")
    listed, real = [], os.listdir

    def noticed(path):
        listed.append(path)
        return real(path)

    monkeypatch.setattr(os, "listdir", noticed)
    units = tree.units()
    units.describe("a.service")
    assert not any(path.endswith("/system") for path in listed)
    units.sockets()
    units.sockets()
    assert sum(path.endswith("usr/lib/systemd/system") for path in listed) == 1


def test_a_users_manager_has_its_own_folders(tree):
    tree.put("home/ann/.config/systemd/user/web.socket", "[Socket]", "ListenStream=8080")
    tree.put("usr/lib/systemd/user/gpg.socket", "[Socket]", "ListenStream=%t/gpg")
    tree.usr("ssh.socket", "[Socket]", "ListenStream=22")
    units = Units(tree.root, home="/home/ann", runtime="/run/user/1000")
    assert names(units.sockets()) == ["gpg.socket", "web.socket"]
    assert names(units.match("tcp", V6, 8080)) == ["web.socket"]


# -- timers ----------------------------------------------------------------------------------------------------------


def test_the_timer_of_the_same_name(tree):
    tree.usr("backup.timer", "[Timer]", "OnCalendar=daily")
    assert tree.units().timer_of("backup.service") == "backup.timer"
    assert tree.units().timer_of("other.service") is None


def test_a_timer_that_names_another_unit(tree):
    tree.usr("nightly.timer", "[Timer]", "Unit=backup.service")
    assert tree.units().timer_of("backup.service") is None  # nothing was scanned
    assert tree.units().scan().timer_of("backup.service") == "nightly.timer"
    assert tree.units().scan().timer_of("nightly.service") is None


def test_timers_and_sockets_of_templates(tree):
    tree.usr("dump@.timer", "[Timer]", "OnCalendar=daily")
    tree.usr("telnet.socket", "[Socket]", "ListenStream=23", "Accept=yes")
    units = tree.units()
    assert units.timer_of("dump@db1.service") == "dump@db1.timer"
    assert units.socket_of("telnet@3-10.0.0.1:23-10.0.0.2:5.service") == "telnet.socket"


def test_a_socket_that_starts_a_service(tree):
    tree.usr("ssh.socket", "[Socket]", "ListenStream=22")
    tree.usr("other.socket", "[Socket]", "ListenStream=23", "Service=shared.service")
    assert tree.units().socket_of("ssh.service") == "ssh.socket"
    assert tree.units().scan().socket_of("shared.service") == "other.socket"
    tree.link("ssh.socket", "/dev/null")
    assert tree.units().socket_of("ssh.service") is None


def test_enabled_is_a_link_in_a_wants_folder(tree):
    tree.usr("backup.timer", "[Timer]")
    assert not tree.units().enabled("backup.timer")
    tree.link("backup.timer", "/usr/lib/systemd/system/backup.timer", "etc/systemd/system/timers.target.wants")
    assert tree.units().enabled("backup.timer")


def test_enabled_agrees_with_systemctl(tree):
    if not shutil.which("systemctl"):
        pytest.skip("systemctl is not installed")
    tree.usr("x.socket", "[Socket]", "ListenStream=9", "[Install]", "WantedBy=sockets.target")
    command = ["systemctl", f"--root={tree.root}", "enable", "x.socket"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"systemctl --root does not work here: {done.stderr.strip()}")
    assert tree.units().enabled("x.socket")
    subprocess.run([*command[:2], "disable", "x.socket"], capture_output=True, check=True)
    assert not tree.units().enabled("x.socket")
    subprocess.run([*command[:2], "mask", "x.socket"], capture_output=True, check=True)
    assert tree.units().describe("x.socket").masked


def test_templates():
    assert template_of("a@b.service") == "a@.service"
    assert template_of("a@.service") == ""
    assert template_of("a.service") == ""
    assert template_of("sshd@1-10.0.0.1:22-10.0.0.2:5.service") == "sshd@.service"


def test_this_machines_own_sockets_can_all_be_read():
    for unit in Units().sockets():
        assert unit.service.endswith(".service")
        assert os.path.exists(unit.path)


@given(st.text(max_size=30))
def test_any_name_may_be_asked(name):
    units = Units("/nonexistent")
    assert units.describe(name).path is None
    assert units.timer_of(name) is units.socket_of(name) is None
