"""hb serve: mistakes before anything is looked at, who has the port, and what is said at the start."""

from __future__ import annotations

import json
import os
import socket
import types
from typing import Any

import pytest
from tests.faces.kit import LOOK, Pipe, Terminal, is_safe, output

from hb_engine.app.hub import staff
from hb_engine.faces.cli import main as cli
from hb_engine.faces.cli.verbs import serve
from hb_engine.faces.cli.verbs.serve import Teller, _held, _holder
from hb_engine.faces.web.guard import packages, privileges
from hb_engine.model.errors import CannotLook
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.record import replace


class Staff:
    """Stands in for staff.supervise: remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def __call__(self, web, place, every, *, recording=False) -> int:
        self.asked.append((web, place, every))
        self.recording = recording
        return 0


@pytest.fixture
def started(monkeypatch):
    """What would be started."""
    fake = Staff()
    monkeypatch.setattr(staff, "supervise", fake)
    monkeypatch.setattr(packages, "find", lambda: None)
    return fake.asked


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = cli.main(["serve", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


# -- what is started


def test_what_it_starts_by_default(started, monkeypatch):
    monkeypatch.setattr(serve, "PORT", 0)
    assert run()[0] == 0
    [(_, place, every)] = started
    assert (place.writing, place.baseline, place.files, every) == (False, "", (), 60.0)


def test_what_it_is_told(started, tmp_path, monkeypatch):
    (tmp_path / "hb.d").mkdir()
    (tmp_path / "db.hbsnap").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert run("db.hbsnap", "--port", "0", "--write", "--every", "5", "--baseline", "hb.d")[0] == 0
    [(_, place, every)] = started
    assert place.writing
    assert place.files == (str(tmp_path / "db.hbsnap"),)
    assert (place.baseline, every) == (str(tmp_path / "hb.d"), 5.0)


def test_the_sockets_are_there_before_anybody_is_forked(monkeypatch):
    seen = []

    def supervise(web, place, every, **_):
        [listener] = web.__closure__[[*web.__code__.co_freevars].index("sockets")].cell_contents
        with socket.create_connection(listener.getsockname(), timeout=5):
            seen.append(listener.getsockname())
        return 3

    monkeypatch.setattr(staff, "supervise", supervise)
    assert run("--port", "0", "--listen", "127.0.0.9")[0] == 3
    assert seen[0][0] == "127.0.0.9"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(seen[0], timeout=5)


# -- mistakes

WIDE = ["0.0.0.0", "::", "10.0.0.1", "fe80::1", "::ffff:127.0.0.1"]
MISTAKES = [
    *[(("--listen", address), "ssh -L 1703:127.0.0.1:1703") for address in WIDE],
    (("--listen", "web-17"), "127.0.0.1"),
    (("--port", "65536"), "from 0 to 65535"),
    (("--port", "-1"), "from 0 to 65535"),
    (("--port", "http"), "from 0 to 65535"),
    (("--every", "0"), "from 5 to 86400"),
    (("--every", "x"), "from 5 to 86400"),
    (("no-such-file.hbsnap",), ""),
    (("-",), "Name a file"),
    (("--baseline", "no-such-folder"), ""),
    (("--user", "nobody", "--no-drop"), "one of them"),
    (("--user", "no-such-user"), ""),
    (("--frobnicate",), "hb serve --help"),
]


@pytest.mark.parametrize(
    ("line", "remedy"), MISTAKES, ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_mistakes_are_told_before_anything_is_started(started, line, remedy):
    status, out, err = run("--port", "0", *line) if "--port" not in line else run(*line)
    assert (status, out) == (2, "")
    assert err.startswith("hb: ")
    assert remedy in " ".join(err.split())
    assert started == []


def test_a_wider_address_says_why(started):
    assert "by a link alone" in " ".join(run("--listen", "0.0.0.0")[2].split())


def test_who_is_not_root_becomes_nobody(started, monkeypatch):
    monkeypatch.setattr(privileges, "is_root", lambda: False)
    assert "only root" in run("--port", "0", "--user", "nobody")[2]
    assert run("--port", "0")[0] == 0


def test_packages_that_are_missing_are_an_error_before_a_port_is_taken(started, monkeypatch):
    def lacking():
        raise CannotLook("hb serve needs packages that are not here: litestar", "Type make hub.")

    monkeypatch.setattr(packages, "find", lacking)
    status, _, err = run("--port", "0")
    assert status == 2
    assert "make hub" in err
    assert started == []


# -- a port that somebody has


def opening(**fields):
    known: dict[str, Any] = {
        "kind": "listener",
        "transport": "tcp",
        "port": 1703,
        "addresses": ("127.0.0.1",),
        "families": ("ipv4",),
    }
    return Opening(**known | {"scope": "loopback", "netns": Netns(1)} | fields)


def owner(**fields):
    return replace(LOOK.openings[0].owners[0], **fields)


def held(app, *openings):
    app.answers["look"] = lambda *_, **__: replace(LOOK, openings=openings)
    return _held(CannotLook("127.0.0.1 port 1703 is taken", "Choose another with --port."), 1703)


def test_who_has_the_port_is_told(app):
    error = held(app, opening(owners=(owner(comm="nginx", pid=77, unit="nginx.service", cmdline=("nginx",)),)))
    assert error.message == "127.0.0.1 port 1703 is taken: by nginx, pid 77, of nginx.service"
    assert error.remedy == "Choose another with --port."


def test_another_hb_serve_is_asked_for_a_link(app):
    error = held(app, opening(owners=(owner(comm="python3", pid=78, unit=None, cmdline=("python3", "hb", "serve")),)))
    assert "kill -USR1 78" in error.remedy


def test_a_holder_that_cannot_be_seen(app):
    assert held(app, opening(uid=33, user="www-data")).message.endswith("by a process of www-data")
    assert held(app, opening(uid=33)).message.endswith("by a process of uid 33")
    assert held(app).message.endswith("could not be seen")
    assert held(app, opening(transport="udp")).message.endswith("could not be seen")


def test_a_look_that_fails_is_no_second_trouble(app):
    def refuse(*_, **__):
        raise CannotLook("netlink", "")

    app.answers["look"] = refuse
    error = _held(CannotLook("127.0.0.1 port 1703 is taken", "--port"), 1703)
    assert "could not be seen" in error.message


def test_a_port_that_is_taken_in_truth(started, app):
    app.answers["look"] = lambda *_, **__: replace(LOOK, openings=())
    with socket.create_server(("127.0.0.1", 0)) as other:
        status, _, err = run("--port", str(other.getsockname()[1]))
    assert status == 2
    assert "is taken" in err
    assert started == []


# -- what is said


def link(right):
    return types.SimpleNamespace(right=right, url=f"http://127.0.0.1:1703/enter/{right}-token", lasts=900)


def told(started=(), **fields):
    known = {"urls": ("http://127.0.0.1:1703",), "user": "nobody", "untold": "", "users": ("alice", "root")}
    return types.SimpleNamespace(**known | fields)


@pytest.mark.parametrize("width", [40, 80])
def test_a_link_is_a_line_of_its_own_however_narrow_the_terminal(width):
    terminal = Terminal()
    teller = Teller(output(terminal, Pipe(), size=(width, 24)), 7, json=False)
    teller.started(told(), (link("read"), link("write")))
    lines = terminal.getvalue().splitlines()
    assert "  http://127.0.0.1:1703/enter/read-token" in lines
    assert "  http://127.0.0.1:1703/enter/write-token" in lines


def test_on_a_pipe_a_signal_is_told_and_on_a_terminal_a_key(monkeypatch):
    for watched, words in ((False, "kill -USR1 7"), (True, "Enter prints")):
        pipe = Pipe()
        teller = Teller(output(pipe, Pipe()), 7, json=False)
        teller.watched = watched
        teller.started(told(), (link("read"),))
        assert words in pipe.getvalue()
        assert "15 minutes" in pipe.getvalue()


def test_whom_it_is_for_or_that_users_are_not_told_apart():
    for fields, words in (
        ({}, "Only for alice and root"),
        ({"users": ()}, "To look:"),
        ({"untold": "darwin does not say whose a connection is"}, "darwin does not say"),
    ):
        pipe = Pipe()
        Teller(output(pipe, Pipe()), 7, json=False).started(told(**fields), (link("read"),))
        assert words in pipe.getvalue()


def test_names_of_users_are_made_visible():
    pipe = Pipe()
    Teller(output(pipe, Pipe()), 7, json=False).started(told(users=("a\x1b[31m", "\u202e")), (link("read"),))
    assert is_safe(pipe.getvalue())


def test_one_document():
    pipe = Pipe()
    teller = Teller(output(pipe, Pipe()), 7, json=True)
    teller.started(told(), (link("read"),))
    teller.fresh((link("read"),))
    first, second = [json.loads(line) for line in pipe.getvalue().splitlines()]
    assert (first["schema"], first["kind"], first["pid"]) == ("hb/1", "serve", 7)
    assert first["url"] == "http://127.0.0.1:1703"
    assert first["links"] == [{"right": "read", "url": "http://127.0.0.1:1703/enter/read-token", "seconds": 900}]
    assert (second["kind"], second["links"]) == ("serve-links", first["links"])
    assert not teller.watched


def test_fresh_links_and_nothing_besides():
    pipe = Pipe()
    Teller(output(pipe, Pipe()), 7, json=False).fresh((link("read"),))
    assert pipe.getvalue() == "To look:\n  http://127.0.0.1:1703/enter/read-token\n"


@pytest.mark.parametrize("as_json", [False, True])
def test_trouble_in_the_process_that_serves(as_json):
    stdout, stderr = Pipe(), Pipe()
    Teller(output(stdout, stderr), 7, json=as_json).failed(CannotLook("hb could not become nobody", "--no-drop"))
    assert "could not become nobody" in stderr.getvalue()
    assert bool(stdout.getvalue()) is as_json


def test_somebody_types_where_both_ends_are_a_terminal(monkeypatch):
    monkeypatch.setattr(os, "isatty", lambda _: True)
    assert Teller(output(Terminal(), Pipe()), 7, json=False).watched
    assert not Teller(output(Pipe(), Pipe()), 7, json=False).watched

    def closed(_):
        raise OSError

    monkeypatch.setattr(os, "isatty", closed)
    assert not Teller(output(Terminal(), Pipe()), 7, json=False).watched


def test_the_help_says_how_to_come_in_from_elsewhere():
    out = " ".join(run("--help")[1].split())
    for words in ("ssh -L 1703:127.0.0.1:1703", "make hub", "15 minutes", "others of this machine do not get in"):
        assert words in out


def test_the_holder_in_words():
    assert _holder(opening()) == ""
    assert _holder(opening(owners=(owner(comm="x", pid=1, unit=None),))) == "by x, pid 1"
