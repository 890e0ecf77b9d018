"""Drift that is planted on this machine is found and named by its kind, and what ordinary days bring is not drift.

Real sockets of real processes, in a network namespace of the test's own; the rules are files, the lock is what hb
learned. What else is open on the machine that runs the tests is left out by its namespace.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.kit.sockets import Lab, as_nobody, in_namespace, netns_inode, raise_descriptor_limit, tcp, udp

from hb_engine.app.changing.learn import learn
from hb_engine.app.ruling import check as recipe
from hb_engine.app.ruling.check import Wanted, check
from hb_engine.model.record import replace

PORT = 18443
HEAD = 'schema = "hb/1"\n[defaults]\nrequire = []\n'
BANNER = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"
HERE = "netns:private"  # the test's own namespace, seen from the machine's


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of rules, and a history and a lock of this test's own."""
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    tmp_path.chmod(0o700)
    made = tmp_path / "hb.d"
    made.mkdir()
    return made


def rules(folder, *texts):
    (folder / "rules.toml").write_text(HEAD + "\n".join(texts))


def rule(kind="allow", listen=f"tcp/{PORT} on public {HERE}", **more):
    """A rule as a person writes it."""
    lines = [f"[[{kind}]]", f'id = "{kind}-it"', f'listen = "{listen}"']
    return "\n".join([*lines, *[f"{name} = {value}" for name, value in more.items()]]) + "\n"


def found(folder, **more):
    """What is told of this namespace, and of what is not there: kind, state and port of each."""
    (report,) = check(Wanted(baseline=str(folder), hidden=False, **more))
    own = netns_inode()
    told = [one for one in report.verdicts if one.opening is None or one.opening.netns.id == own]
    return [(one.kind, one.state, one.opening.port if one.opening else None) for one in told if one.kind != "vanished"]


def greet(listener):
    """Says what an SSH server says, to whoever comes, until the listener is closed."""

    def serve():
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            with one:
                one.sendall(BANNER)

    threading.Thread(target=serve, daemon=True).start()


def owned(ready, wait, port, host=""):
    """A holder with a listener."""
    one = tcp(port, host)
    ready(port=one.getsockname()[1])
    wait()


# -- the twelve kinds: each returns what was found


def new(folder):
    rules(folder, rule(listen=f"tcp/1 on public {HERE}"))
    with tcp(PORT):
        return found(folder)


def gone(folder):
    rules(folder, rule("require", f"tcp/{PORT}"))  # nobody has it in the machine's own namespace either
    return found(folder)


def widened(folder):
    rules(folder, rule(listen=f"tcp/{PORT} on loopback {HERE}"))
    with tcp(PORT):
        return found(folder)


def owner_changed(folder):
    rules(folder, rule(by='"exe:/usr/sbin/nginx"'))
    with tcp(PORT):
        return found(folder)


def speaks_else(folder):
    rules(folder, rule(speaks='"http"'))
    with tcp(PORT) as listener:
        greet(listener)
        return found(folder)


def weakened(folder):
    rules(folder, rule(speaks='"ssh version>=10"'))
    with tcp(PORT) as listener:
        greet(listener)
        return found(folder)


def expired(folder):
    rules(folder, rule(until="2026-01-31"))
    with tcp(PORT):
        return found(folder)


def hidden(folder):
    """What a sweep finds is told to hb by a flag; that it finds it is tests/inventory/test_hidden.py's."""
    rules(folder, rule())
    collected = recipe_collect()

    def hiding(*words, **named):
        seen = collected(*words, **named)
        flagged = [replace(one, flags=(*one.flags, "hidden")) if one.port == PORT else one for one in seen.openings]
        return replace(seen, openings=tuple(flagged))

    from hb_engine.app.looking import collect

    collect.collect = hiding
    with tcp(PORT):
        return found(folder)


def recipe_collect():
    from hb_engine.app.looking.collect import collect

    return collect


def forbidden(folder):
    rules(folder, rule("forbid"), rule())
    with tcp(PORT):
        return found(folder)


def out_of_window(folder):
    """A window that ended long ago."""
    window = (
        '[[window]]\nname = "once"\nrules = ["allow-it"]\nstart = 2020-01-01T00:00:00Z\nend = 2020-01-02T00:00:00Z\n'
    )
    rules(folder, rule(), window)
    with tcp(PORT):
        return found(folder)


def pinned_changed(folder):
    rules(folder, rule(pin='["sha256"]'))
    with tcp(PORT):
        learn(baseline=str(folder))
        assert found(folder) == [], "what was learned is as it was"
        lock = folder.parent / "hb.lock"
        text = lock.read_text()
        at = text.index('sha256 = "', text.index(f'"tcp/{PORT}/')) + len('sha256 = "')
        lock.write_text(text[:at] + "0" * 64 + text[at + 64 :])
        return found(folder)


def suspicious(folder):
    """Its rule covers it, and its executable was deleted since it started."""
    copy = folder.parent / "server"
    shutil.copy(os.path.realpath(sys.executable), copy)
    rules(folder, rule())
    told = []

    def deleted():
        told.extend(found(folder))
        copy.unlink()

    after = serving(copy, folder, begin=deleted)
    assert told == [], "while its file is there it is as expected"
    return after


def home_of_python():
    """What a copy of the interpreter needs to find its library."""
    library = os.path.join(os.path.dirname(os.__file__), "..", "..")
    return {"PYTHONHOME": os.path.realpath(library), "LD_LIBRARY_PATH": os.path.join(sys.base_prefix, "lib")}


KINDS = [new, gone, widened, owner_changed, speaks_else, weakened, expired, hidden, forbidden, out_of_window,
         pinned_changed, suspicious]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("plant", KINDS, ids=lambda plant: plant.__name__)
def test_planted_drift_is_found_and_named_by_its_kind(plant, folder):
    told = in_namespace(plant, folder)
    assert told == [(plant.__name__.replace("_", "-"), "drift", None if plant is gone else PORT)]


def test_all_kinds_are_planted():
    from hb_engine.model.report import DRIFTS

    assert {plant.__name__.replace("_", "-") for plant in KINDS} == set(DRIFTS)


# -- what is no drift


def restarted(folder):
    """The same servers again: other pids, other inodes, another order."""
    (folder / "none.toml").write_text(HEAD)
    with Lab() as lab:
        for port in (PORT, PORT + 1, PORT + 2):
            lab.start(owned, port)
        learn(baseline=str(folder))
        before = found(folder)
    with Lab() as lab:
        for port in (PORT + 2, PORT, PORT + 1):
            lab.start(owned, port)
        return before, found(folder)


@pytest.mark.slow
def test_servers_that_were_restarted_are_the_same(folder):
    before, after = in_namespace(restarted, folder)
    assert before == after
    assert {state for _, state, _ in after} == {"debt"}
    assert len(after) == 3


def replaced(folder):
    """An upgrade in place: the file is renamed over, and the server started anew from it."""
    rules(folder, rule())
    home = folder.parent
    for name in ("server", "server.new"):
        shutil.copy(os.path.realpath(sys.executable), home / name)
    with open(home / "server.new", "ab") as file:
        file.write(b"another version")
    before = serving(home / "server", folder, begin=lambda: learn(baseline=str(folder)))
    (home / "server.new").rename(home / "server")
    return before, serving(home / "server", folder)


def serving(program, folder, begin=lambda: None):
    """What is found while a program serves."""
    from subprocess import PIPE, Popen

    code = f"import socket, sys; s = socket.create_server(('', {PORT})); print('ready', flush=True); sys.stdin.read()"
    with Popen([str(program), "-I", "-S", "-c", code], stdin=PIPE, stdout=PIPE, env=home_of_python()) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        assert server.stdout.readline() == b"ready\n"
        begin()
        told = found(folder)
        server.stdin.close()
    return told


@pytest.mark.slow
def test_an_upgrade_in_place_is_a_note(folder):
    before, after = in_namespace(replaced, folder)
    assert before == []
    assert after == [("changed", "note", PORT)]


def crowded(folder, count):
    """A server, and so many clients of it and of nobody, UDP and TCP."""
    rules(folder, rule())
    limit = raise_descriptor_limit()
    if limit < count + 200:
        pytest.skip(f"this process may have {limit} descriptors")
    with tcp(PORT) as listener:
        listener.listen(4096)
        clients = []
        for _ in range(count // 4):
            clients += [udp(0), udp(0, "127.0.0.1")]
            one = socket.socket()
            one.connect(("127.0.0.1", PORT))
            clients += [one, listener.accept()[0]]
        told = found(folder)
        for one in clients:
            one.close()
    return told


@pytest.mark.slow
def test_ten_thousand_clients_are_no_drift(folder):
    assert in_namespace(crowded, folder, 10_000) == []


def nothing(folder):
    rules(folder, rule())
    with tcp(PORT):
        return found(folder), found(folder, ask=False)


@pytest.mark.slow
def test_what_is_as_it_should_be_is_nothing(folder):
    assert in_namespace(nothing, folder) == ([], [])


def blind(folder):
    """A rule that wants to know what speaks, and nobody may ask."""
    rules(folder, rule(speaks='"ssh"'))
    with tcp(PORT) as listener:
        greet(listener)
        return found(folder, ask=False), found(folder)


@pytest.mark.slow
def test_what_was_not_asked_is_unseen(folder):
    not_asked, asked = in_namespace(blind, folder)
    assert not_asked == [("not-seen", "unseen", PORT)]
    assert asked == []


def without_rights(folder):
    """A server of root's, looked at by nobody: by a rule that names who holds it, and by what was learned."""
    rules(folder, rule(by='"exe:/usr/sbin/nginx"'))
    with Lab() as lab:
        lab.start(owned, PORT)
        by_rule = as_nobody(lambda: found(folder, ask=False)), found(folder, ask=False)
        rules(folder)
        learn(baseline=str(folder))
        by_lock = as_nobody(lambda: found(folder, ask=False)), found(folder, ask=False)
    return by_rule, by_lock


@pytest.fixture
def open_folder(monkeypatch):
    """A folder of rules that everybody may read; a test's usual folders are its user's alone."""
    with TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        monkeypatch.setenv("HB_HISTORY", os.path.join(top, "history.db"))
        made = Path(top, "hb.d")
        made.mkdir()
        yield made


@pytest.mark.slow
def test_who_may_not_look_says_neither_drift_nor_clean(open_folder):
    by_rule, by_lock = in_namespace(without_rights, open_folder)
    assert by_rule == ([("not-seen", "unseen", PORT)], [("owner-changed", "drift", PORT)])
    assert by_lock == ([("not-seen", "unseen", PORT)], [("new", "debt", PORT)])


def test_the_recipe_is_the_one_that_the_verb_runs():
    assert recipe.check is check
