"""What started a process: chains that loop, end and hide, and one tree of files for each kind of beginning."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import ancestry, cgroups, users
from hb_engine.inventory.linux.ancestry import DEPTH, Origins, chain, pid_files, with_arguments
from hb_engine.inventory.linux.logins import DEAD_PROCESS, NARROW, USER_PROCESS
from hb_engine.inventory.linux.units import Units
from hb_engine.model.owner import ORIGINS, Ancestor, Container, Origin

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
lookup_in: Any = ancestry.lookup_in


BOOT = 1795360000
ID = "4f" * 32
SESSION_SCOPE = "/user.slice/user-1000.slice/session-12.scope"


class Machine:
    """A machine of files: processes with parents below proc/, evidence below the root."""

    def __init__(self, folder) -> None:
        self.root = str(folder)
        self.proc = os.path.join(self.root, "proc")
        self.put("proc/stat", f"cpu 1\nbtime {BOOT}\n")
        self.put("etc/passwd", "root:x:0:0::/root:/bin/sh\ndeploy:x:1000:1000::/home/deploy:/bin/sh\n")
        self.process(1, 0, "systemd")

    def put(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return self

    def process(
        self, pid, ppid, comm, *arguments, start=None, session=None, tty=0, environ=b"", loginuid=None, ses=None
    ):
        """A process; its start is its pid in seconds after boot, unless said otherwise."""
        ticks = (pid if start is None else start) * 100
        numbers = f"{ppid} {pid} {session or pid} {tty} 0 4194560 {'0 ' * 12}{ticks} 1 1"
        self.put(f"proc/{pid}/stat", f"{pid} ({comm}) S {numbers}\n")
        self.put(f"proc/{pid}/cmdline", "\0".join(arguments) + "\0" if arguments else "")
        self.put(f"proc/{pid}/environ", environ)
        if loginuid is not None:
            self.put(f"proc/{pid}/loginuid", str(loginuid))
            self.put(f"proc/{pid}/sessionid", str(ses if ses is not None else 2**32 - 1))
        return self

    def booted_with_systemd(self):
        os.makedirs(os.path.join(self.root, "run/systemd/system"))
        return self

    def session(self, number="12", state="active", remote="198.51.100.7", service="sshd"):
        text = f"UID=1000\nUSER=deploy\nSTATE={state}\nREMOTE_HOST={remote}\nSERVICE={service}\nREALTIME={BOOT}500000\n"
        return self.put(f"run/systemd/sessions/{number}", text)

    def origin(self, pid, cgroup="/", uid=0, **more):
        lookup = lookup_in(self.proc)
        found = Origins(self.root, self.proc, more.pop("units", None), more.pop("peer", None)).of(
            pid, lookup(pid)[1], uid=uid, parents=chain(pid, lookup), cgroup=cgroup, **more
        )
        assert found.kind in ORIGINS
        return found


@pytest.fixture
def machine(tmp_path):
    users.forget()
    yield Machine(tmp_path)
    users.forget()


# -- chains ----------------------------------------------------------------------------------------------------------


def table(**rows):
    """Rows pid=ppid as a lookup; names and starts follow the pid."""
    parents = {int(key[1:]): value for key, value in rows.items()}
    return lambda pid: (parents[pid], f"p{pid}", float(pid)) if pid in parents else None


def test_parents_come_nearest_first_up_to_pid_1():
    found = chain(40, table(p40=30, p30=20, p20=1, p1=0))
    assert found == (Ancestor(30, "p30", 30.0), Ancestor(20, "p20", 20.0), Ancestor(1, "p1", 1.0))


def test_a_chain_ends_where_a_parent_is_gone():
    assert chain(40, table(p40=30, p30=20)) == (Ancestor(30, "p30", 30.0),)
    assert chain(40, table()) == ()
    assert chain(1, table(p1=0)) == ()


@pytest.mark.parametrize("loop", [{"p40": 40}, {"p40": 30, "p30": 40}, {"p40": 30, "p30": 20, "p20": 30}])
def test_loops_end(loop):
    assert len(chain(40, table(**loop))) <= 2


def test_a_chain_is_at_most_so_deep():
    assert len(chain(1000, lambda pid: (pid - 1, "x", None))) == DEPTH


@given(st.dictionaries(st.integers(0, 50), st.integers(-5, 50)), st.integers(0, 50))
def test_any_table_has_chains_without_repetition(parents, pid):
    found = chain(pid, lambda number: (parents[number], "x", None) if number in parents else None)
    pids = [ancestor.pid for ancestor in found]
    assert len(set(pids)) == len(pids) <= DEPTH
    assert pid not in pids


def test_command_lines_are_filled_where_wanted():
    found = chain(3, table(p3=2, p2=1, p1=0), lambda pid: ("sh",) if pid == 2 else None)
    assert [ancestor.cmdline for ancestor in found] == [("sh",), ()]


def test_our_own_chain_is_the_kernels():
    found = chain(os.getpid(), lookup_in())
    assert found[0].pid == os.getppid()
    assert found[0].started_at is not None
    assert with_arguments(found)[0].cmdline


def test_a_double_fork_leads_to_whoever_took_it_in():
    ear, mouth = os.pipe()
    first = os.fork()
    if first == 0:
        second = os.fork()
        if second:
            os.write(mouth, str(second).encode())
            os._exit(0)
        signal.pause()
        os._exit(0)
    os.close(mouth)
    orphan = int(os.read(ear, 32))
    os.close(ear)
    os.waitpid(first, 0)
    try:
        found = chain(orphan, lookup_in())
        assert first not in [ancestor.pid for ancestor in found]
        assert found[-1].pid == 1
    finally:
        os.kill(orphan, signal.SIGKILL)


def test_a_lookup_remembers(machine):
    machine.process(50, 1, "a")
    lookup = lookup_in(machine.proc)
    assert lookup(50) == (1, "a", BOOT + 50.0)
    machine.process(50, 1, "changed")
    assert lookup(50) == (1, "a", BOOT + 50.0)
    assert lookup(51) is None


# -- beginnings ------------------------------------------------------------------------------------------------------


def test_a_kernel_thread(machine):
    machine.process(7, 2, "kworker/0:1")
    assert machine.origin(7, kthread=True) == Origin(kind="kernel", name="kworker/0:1")


def test_a_service(machine):
    machine.process(50, 1, "nginx")
    assert machine.origin(50, "/system.slice/nginx.service") == Origin(kind="service", name="nginx.service")


def test_a_users_service(machine):
    machine.process(49, 1, "systemd").process(50, 49, "syncthing")
    path = "/user.slice/user-1000.slice/user@1000.service/app.slice/syncthing.service"
    assert machine.origin(50, path) == Origin(
        kind="service", name="user@1000.service/app.slice/syncthing.service", user="deploy"
    )


def test_a_timer_that_is_enabled_starts_its_service(machine):
    machine.process(50, 1, "backup.sh")
    machine.put("usr/lib/systemd/system/backup.timer", "[Timer]\nOnCalendar=daily\n")
    path, units = "/system.slice/backup.service", Units(machine.root)
    assert machine.origin(50, path, units=units).kind == "service"
    machine.put("etc/systemd/system/timers.target.wants/backup.timer", "")
    assert machine.origin(50, path, units=Units(machine.root)) == Origin(kind="timer", name="backup.timer")
    assert machine.origin(50, path).kind == "service"  # units were not asked


def test_a_socket_that_is_enabled_starts_its_service(machine):
    machine.process(50, 1, "cupsd")
    machine.put("usr/lib/systemd/system/cups.socket", "[Socket]\nListenStream=631\n")
    machine.put("etc/systemd/system/sockets.target.wants/cups.socket", "")
    units = Units(machine.root)
    assert machine.origin(50, "/system.slice/cups.service", units=units) == Origin(kind="socket", name="cups.socket")


def test_pid_1_itself(machine):
    assert machine.origin(1, "/init.scope") == Origin(kind="init", name="systemd")
    assert machine.origin(1, "/") == Origin(kind="init", name="systemd")


def test_a_container_by_its_cgroup_or_by_its_shim(machine):
    machine.process(49, 1, "containerd-shim").process(50, 49, "nginx").process(60, 1, "conmon").process(61, 60, "nginx")
    path = f"/system.slice/docker-{ID}.scope"
    assert machine.origin(50, path) == Origin(kind="container", name=ID[:12])
    assert machine.origin(50, path, container=Container("docker", ID, name="web")).name == "web"
    assert machine.origin(50, "/") == Origin(kind="container", name="containerd")
    assert machine.origin(61, "/") == Origin(kind="container", name="podman or cri-o")
    assert machine.origin(50, "/lxc.payload.web") == Origin(kind="container", name="web")


@pytest.mark.parametrize(
    ("daemon", "name"), [("cron", "cron"), ("crond", "crond"), ("anacron", "anacron"), ("atd", "at")]
)
def test_jobs_by_their_living_parent(machine, daemon, name):
    machine.process(48, 1, daemon).process(49, 48, "sh").process(50, 49, ".x")
    found = machine.origin(50, "/system.slice/cron.service", uid=1000)
    assert found == Origin(kind="cron", name=name, user="deploy", at=BOOT + 49.0)


def test_debians_cron_forks_twice(machine):
    machine.process(47, 1, "cron").process(48, 47, "cron").process(49, 48, "sh")
    assert machine.origin(49, "/system.slice/cron.service", uid=0) == Origin(
        kind="cron", name="cron", user="root", at=BOOT + 49.0
    )


def test_a_job_whose_parents_have_ended_is_known_by_crons_unit(machine):
    machine.process(50, 1, ".x", loginuid=1000)
    assert machine.origin(50, "/system.slice/cron.service") == Origin(kind="cron", name="cron", user="deploy")


def test_cron_itself_is_a_service(machine):
    machine.process(50, 1, "cron")
    assert machine.origin(50, "/system.slice/cron.service") == Origin(kind="service", name="cron.service")


# -- logins ----------------------------------------------------------------------------------------------------------


def ssh_chain(machine, *, tty=0, environ=b"", **more):
    """sshd -> sshd: deploy [priv] -> sshd: deploy -> bash -> nc"""
    machine.process(40, 1, "sshd").process(41, 40, "sshd").process(42, 41, "sshd")
    machine.process(43, 42, "bash", session=43, tty=tty, environ=environ)
    return machine.process(44, 43, "nc", session=43, tty=tty, environ=environ, **more)


def test_a_login_by_its_session(machine):
    ssh_chain(machine).session()
    assert machine.origin(44, SESSION_SCOPE, uid=1000) == Origin(
        kind="login", name="sshd session 12", user="deploy", remote="198.51.100.7", at=BOOT + 0.5
    )


def test_root_by_sudo_is_still_the_login_of_deploy(machine):
    ssh_chain(machine).session().process(45, 44, "sudo").process(46, 45, "bash").process(47, 46, "nc")
    assert machine.origin(47, SESSION_SCOPE, uid=0).user == "deploy"


def test_a_forward_of_sshd_is_a_login_and_sshd_is_not(machine):
    ssh_chain(machine).session()
    assert machine.origin(42, SESSION_SCOPE).kind == "login"
    assert machine.origin(40, "/system.slice/ssh.service") == Origin(kind="service", name="ssh.service")


def test_a_session_that_has_ended_says_so(machine):
    machine.process(44, 1, "nc", environ=b"SSH_CONNECTION=198.51.100.7 5 192.0.2.1 22\0")
    assert machine.origin(44, SESSION_SCOPE, uid=1000) == Origin(
        kind="login", name="session 12, which has ended", user="deploy", remote="198.51.100.7"
    )
    machine.session(state="closing")
    assert machine.origin(44, SESSION_SCOPE).name == "sshd session 12, which has ended"


def test_tmux_left_behind_says_what_it_is(machine):
    machine.session(state="closing").process(43, 1, "tmux: server").process(44, 43, "nc")
    found = machine.origin(44, SESSION_SCOPE)
    assert (found.name, found.remote) == ("tmux of sshd session 12, which has ended", "198.51.100.7")


def test_a_tab_of_a_users_manager(machine):
    machine.process(44, 1, "nc")
    path = "/user.slice/user-1000.slice/user@1000.service/tmux-spawn-1f.scope"
    assert machine.origin(44, path) == Origin(kind="login", name="tmux-spawn-1f.scope", user="deploy")


def test_a_login_without_systemd_by_utmp(machine):
    line, tty = b"pts/3", os.makedev(136, 3)
    records = NARROW.pack(USER_PROCESS, 41, line, b"", b"deploy", b"203.0.113.9", 0, BOOT + 41, 0, b"")
    later = NARROW.pack(USER_PROCESS, 99, line, b"", b"eve", b"192.0.2.99", 0, BOOT + 500, 0, b"")
    ssh_chain(machine, tty=tty).put("run/utmp", records + later)
    assert machine.origin(44, "/") == Origin(
        kind="login", name="sshd session", user="deploy", remote="203.0.113.9", at=BOOT + 41.0
    )


def test_a_login_that_has_ended_by_wtmp(machine):
    record = (b"pts/3", b"", b"deploy", b"203.0.113.9", 0)
    history = NARROW.pack(USER_PROCESS, 41, *record, BOOT + 41, 0, b"") + NARROW.pack(
        DEAD_PROCESS, 41, *record, BOOT + 90, 0, b""
    )
    machine.process(44, 1, "nc", tty=os.makedev(136, 3)).put("var/log/wtmp", history)
    assert machine.origin(44, SESSION_SCOPE).remote == "203.0.113.9"


def test_a_login_without_any_record_by_the_sessions_environment(machine):
    ssh_chain(machine, environ=b"X=1\0SSH_CONNECTION=2001:db8::5 50022 2001:db8::1 22\0", loginuid=1000)
    found = machine.origin(44, "/system.slice/ssh.service", uid=0)
    assert found == Origin(kind="login", name="sshd session", user="deploy", remote="2001:db8::5", at=BOOT + 43.0)


def test_the_hook_is_asked_last_and_of_the_nearest_sshd(machine):
    asked = []
    ssh_chain(machine)

    def peer(pid):
        asked.append(pid)
        return "192.0.2.77" if pid == 41 else ""

    assert machine.origin(44, "/", peer=peer).remote == "192.0.2.77"
    assert asked == [42, 41]
    machine.session()
    asked.clear()
    assert machine.origin(44, SESSION_SCOPE, peer=peer).remote == "198.51.100.7"
    assert asked == []


def test_a_name_in_the_record_gives_way_to_an_address(machine):
    ssh_chain(machine, environ=b"SSH_CONNECTION=198.51.100.7 1 2 3\0").session(remote="office.example")
    assert machine.origin(44, SESSION_SCOPE).remote == "198.51.100.7"
    ssh_chain(machine)
    assert machine.origin(44, SESSION_SCOPE).remote == "office.example"


@pytest.mark.parametrize("written", [":0", "tmux(123).%0", "mosh [99]", ""])
def test_what_is_no_host_is_not_given_as_one(machine, written):
    ssh_chain(machine).session(remote=written)
    assert machine.origin(44, SESSION_SCOPE).remote == ""


def test_a_login_at_the_console(machine):
    machine.process(42, 1, "login").process(43, 42, "bash", session=43).process(44, 43, "nc", session=43)
    found = machine.origin(44, "/", uid=1000)
    assert (found.kind, found.name, found.user, found.remote) == ("login", "login session", "deploy", "")


def test_sudo_names_the_user_where_nothing_else_does(machine):
    ssh_chain(machine, environ=b"SUDO_USER=deploy\0")
    assert machine.origin(44, "/", uid=0).user == "deploy"


def test_a_daemon_that_left_its_login_is_known_by_audit(machine):
    machine.session().process(44, 1, "nc", loginuid=1000, ses=12)
    assert machine.origin(44, "/") == Origin(
        kind="login", name="process detached from session 12", user="deploy", remote="198.51.100.7", at=BOOT + 0.5
    )


def test_screen_without_any_other_evidence(machine):
    machine.process(43, 1, "screen").process(44, 43, "nc")
    assert machine.origin(44, "/", uid=1000) == Origin(kind="login", name="screen detached from session", user="deploy")


def test_no_secret_leaves_an_environment(machine):
    ssh_chain(machine, environ=b"SSH_CONNECTION=hunter2 1 2 3\0SUDO_USER=hunter2 \0PASSWORD=hunter2\0")
    assert "hunter2" not in repr(machine.origin(44, "/"))


# -- without systemd -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comm", "arguments", "name"),
    [
        ("runsv", ("runsv", "sshd"), "runit: sshd"),
        ("s6-supervise", ("s6-supervise", "nginx"), "s6: nginx"),
        ("supervise", ("supervise", "qmail"), "daemontools: qmail"),
        ("supervise-daemo", ("supervise-daemon", "ntpd", "--start"), "openrc: ntpd"),
        ("supervisord", ("/usr/bin/python3", "/usr/bin/supervisord"), "supervisord"),
        ("runsv", (), "runit"),
    ],
)
def test_supervisors_name_their_service(machine, comm, arguments, name):
    machine.process(49, 1, comm, *arguments).process(50, 49, "x")
    assert machine.origin(50, "/") == Origin(kind="init", name=name)


def test_an_init_script_by_its_pid_file(machine):
    machine.process(49, 1, "nginx").process(50, 49, "nginx")
    machine.put("run/nginx.pid", "49\n").put("run/other/stale.pid", "49\n").put("etc/init.d/nginx", "")
    assert machine.origin(50, "/") == Origin(kind="init", name="/etc/init.d/nginx")
    machine.put("run/openrc/started/nginx", "")
    assert machine.origin(50, "/") == Origin(kind="init", name="openrc: nginx")


def test_pid_files_are_not_asked_under_systemd(machine):
    machine.booted_with_systemd().process(50, 1, "nginx").put("run/nginx.pid", "50\n").put("etc/init.d/nginx", "")
    assert machine.origin(50, "/") == Origin(kind="init", name="systemd")


def test_pid_files_are_bounded_and_may_be_garbage(machine):
    machine.put("run/a.pid", "12 trailing").put("run/b.pid", "x").put("run/c.pid", b"\xff\xfe").put("run/d.pid", "")
    machine.put("run/deep/e.pid", "13").put("run/deep/deeper/f.pid", "14")
    assert pid_files(os.path.join(machine.root, "run")) == {12: "a", 13: "e"}
    assert pid_files("/nonexistent") == {}


def test_what_cannot_be_told_is_unknown(machine):
    machine.process(50, 49, "x")  # its parent is gone
    assert machine.origin(50, "/").kind == "unknown"
    machine.process(60, 0, "entered")  # came in from outside the pid namespace
    assert machine.origin(60, "/").kind == "unknown"


def test_a_slice_alone_started_nothing(machine):
    machine.process(50, 1, "x")
    assert machine.origin(50, "/system.slice") == Origin(kind="init", name="systemd")


def test_a_scope_of_systemd_run(machine):
    machine.process(50, 1, "x")
    assert machine.origin(50, "/system.slice/run-r1f.scope") == Origin(kind="service", name="run-r1f.scope")


def test_a_process_that_dies_while_it_is_asked_about_has_an_origin(machine):
    parents = (Ancestor(2**22 + 2, "sshd"), Ancestor(1, "systemd"))
    found = Origins(machine.root, machine.proc).of(2**22 + 1, "gone", uid=1000, parents=parents, cgroup=None)
    assert (found.kind, found.user) == ("login", "deploy")


NAMES = st.sampled_from(["sshd", "cron", "bash", "runsv", "tmux: server", "conmon", "login", "", "\x1b[0m", "x"])


@given(st.lists(NAMES, max_size=5), st.text(max_size=40), st.booleans())
def test_any_chain_and_path_have_an_origin(comms, path, rooted):
    parents = tuple(Ancestor(2**22 + number, comm) for number, comm in enumerate(comms))
    parents += (Ancestor(1, "init"),) if rooted else ()
    found = Origins("/nonexistent", "/nonexistent").of(2**22 + 99, "x", uid=None, parents=parents, cgroup="/" + path)
    assert found.kind in ORIGINS


def test_our_own_origin_is_told():
    lookup = lookup_in()
    pid = os.getpid()
    found = Origins().of(pid, "pytest", uid=os.getuid(), parents=chain(pid, lookup), cgroup=cgroups.of(pid))
    assert found.kind in ORIGINS
