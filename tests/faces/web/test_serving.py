"""What serves: warmed up, without rights, bound to its users, quick to end; as a process of its own, and in parts."""

from __future__ import annotations

import asyncio
import os
import re
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from typing import Any

import pytest
from tests.faces.web import kit
from tests.faces.web.guard.served import Served
from tests.faces.web.running import PATIENCE, TOP, Running

from hb_engine.faces.web import serving
from hb_engine.faces.web.guard.gate import Gate
from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.serving import addresses, compile_all, typed, warm

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked at through /proc")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="becoming other users takes root")


# -- warming up


@pytest.mark.slow
def test_every_page_that_is_read_is_asked_once_and_the_first_in_every_language():
    site = kit.site()
    found = addresses(site)
    assert {"/ports/1703", "/sessions", "/enter/1703", *[f"/{code}" for code in CODES if code != "en"]} <= set(found)
    assert not [path for path in found if path.startswith("/de/") or "{" in path]
    assert "/leave" not in found


@pytest.mark.slow
def test_warming_up_asks_them_all_and_changes_nothing():
    asked = []
    site = kit.site()
    real: Any = site.litestar

    async def counted(scope, receive, send):
        asked.append((scope["method"], scope["path"]))
        await real(scope, receive, send)

    fake: Any = counted
    fake.routes = real.routes
    site.litestar = fake
    asyncio.run(warm(site))
    assert {path for _, path in asked} == {*addresses(site), "/nothing"}
    assert {method for method, _ in asked} == {"GET"}
    assert len(site.gate.sessions.listed()) == 2


@pytest.mark.slow
def test_a_template_that_is_wrong_is_told_of(monkeypatch, capsys):
    site = kit.site()
    monkeypatch.setattr(serving, "REST", 0)
    monkeypatch.setattr(serving, "sources", lambda: ("trouble.html", "no-such.html"))
    asyncio.run(compile_all(site))
    told = capsys.readouterr().err
    assert told.count("the template no-such.html") == len(CODES)
    assert "trouble.html" not in told


# -- a terminal


def test_a_line_of_a_terminal_is_a_wish_and_its_end_is_none(monkeypatch):
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: os.getpgrp())  # a terminal that this process is in front of
    wishes = []

    async def typing():
        loop: Any = asyncio.get_running_loop()
        reader, writer = os.pipe()
        try:
            loop.add_reader(reader, typed, reader, lambda: wishes.append(1))
            os.write(writer, b"\n")
            while not wishes:  # noqa: ASYNC110 - one turn of the loop, and no time
                await asyncio.sleep(0)
            os.close(writer)
            while reader in {key.fd for key in loop._selector.get_map().values()}:  # noqa: ASYNC110 - one turn of the loop, and no time
                await asyncio.sleep(0)
        finally:
            os.close(reader)

    asyncio.run(typing())
    assert wishes == [1]


def test_in_the_background_nothing_is_read(monkeypatch):
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: -1)
    monkeypatch.setattr(serving, "AGAIN", 0)
    again: list[Any] = []

    async def typing():
        loop = asyncio.get_running_loop()
        reader, writer = os.pipe()
        try:
            loop.add_reader(reader, typed, reader, lambda: again.append("wish"))
            os.write(writer, b"ls\n")
            monkeypatch.setattr(loop, "call_later", lambda *told: again.append(told[2]))
            while not again:  # noqa: ASYNC110 - one turn of the loop, and no time
                await asyncio.sleep(0)
            assert os.read(reader, 9) == b"ls\n"  # it is another's
            assert again == [reader]
        finally:
            loop.remove_reader(reader)
            os.close(reader)
            os.close(writer)

    asyncio.run(typing())


# -- the server


def test_it_ends_when_it_is_told_to_and_not_at_its_next_look():
    with Served() as server:
        assert server.ask().status == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


def test_signals_are_left_alone():
    before = signal.getsignal(signal.SIGTERM)
    with Served():
        assert signal.getsignal(signal.SIGTERM) is before


def test_nothing_is_logged_of_what_is_asked(caplog, capfd):
    gate = Gate(pause=lambda _: asyncio.sleep(0))
    with Served(gate=gate) as server:
        token = gate.links.give("read")
        server.ask(f"/enter/{token}")
        server.ask(f"/enter/{token}x")
        server.raw(b"rubbish\r\n\r\n")
    out, err = capfd.readouterr()
    assert token not in caplog.text + out + err
    assert (out, err) == ("", "")


# -- as a process


@pytest.fixture(scope="module")
def hb(tmp_path_factory):
    """hb serve, for tests that leave it as it was."""
    with Running(tmp_path_factory.mktemp("serve"), "--write") as found:
        yield found


@linux
@pytest.mark.slow
def test_a_link_and_what_it_leads_to(hb):
    hb.fresh()
    cookie = hb.come_in("write")
    said = hb.ask("/sessions", cookie)
    assert said.status == 200
    assert b"look and decide" in said.body
    assert hb.ask("/ports/1703").status == 401
    assert hb.ask("/ports/1703", cookie).status == 200
    assert hb.ask(hb.link("write")).headers["location"] == "/enter/used"
    assert b"The link has been used" in hb.ask("/enter/used").body


@linux
@pytest.mark.slow
def test_a_wish_for_fresh_links(hb):
    before = hb.told["links"]
    hb.fresh()
    assert [one["right"] for one in hb.told["links"]] == ["read", "write"]
    assert not {one["url"] for one in before} & {one["url"] for one in hb.told["links"]}
    assert hb.come_in("read")


@linux
@pytest.mark.slow
def test_leaving_and_ending_others(hb):
    hb.fresh()
    writer, reader = hb.come_in("write"), hb.come_in("read")
    page = hb.ask("/sessions", writer).body.decode()
    [csrf, *_] = re.findall(r'name="csrf" value="([^"]+)"', page)
    names = re.findall(r'name="session" value="([^"]+)"', page)
    form = {"Origin": hb.told["url"], "Content-Type": "application/x-www-form-urlencoded"}
    assert hb.ask("/sessions/end", reader, "POST", form, f"session={names[0]}&csrf={csrf}").status in (400, 403)
    assert hb.ask("/sessions/end", writer, "POST", form, f"session={names[0]}").status == 400
    for name in names:
        said = hb.ask("/sessions/end", writer, "POST", form, f"session={name}&csrf={csrf}")
        assert (said.status, said["location"]) == (303, "/sessions")
    assert hb.ask("/sessions", reader).status == 401
    said = hb.ask("/leave", writer, "POST", form, f"csrf={csrf}")
    assert b"This browser is out" in said.body
    assert hb.ask("/sessions", writer).status == 401


@linux
@as_root
@pytest.mark.root
@pytest.mark.slow
def test_the_process_that_serves_is_nobody_and_the_others_are_not(hb):
    uids = [uid for _, uid in hb.processes()]
    assert uids.count(65534) == 1
    assert uids.count(0) == len(uids) - 1
    serving_pid = next(pid for pid, uid in hb.processes() if uid == 65534)
    with open(f"/proc/{serving_pid}/status", encoding="utf-8") as file:
        told = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    assert (told["NoNewPrivs"], told["CapEff"].strip("0"), told["CapPrm"].strip("0")) == ("1", "", "")
    assert told.get("Groups", "").strip() == ""
    with open(f"/proc/{serving_pid}/limits", encoding="utf-8") as file:
        limits = file.read()
    assert re.search(r"Max core file size\s+0\s+0", limits)


@linux
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_by_a_signal_with_a_stream_open_and_leaves_nobody(tmp_path, number):
    with Running(tmp_path) as hb:
        cookie = hb.come_in()
        stream = socket.create_connection(hb.netloc.rsplit(":", 1), timeout=PATIENCE)
        with stream:
            stream.sendall(f"GET /events HTTP/1.1\r\nHost: {hb.netloc}\r\nCookie: {cookie}\r\n\r\n".encode())
            assert stream.recv(12) == b"HTTP/1.1 200"
            pids = [pid for pid, _ in hb.processes()]
            assert len(pids) >= 4
            assert hb.end(number) == (0, "")
            while stream.recv(4096):
                pass  # the stream has an end
        assert not [pid for pid in pids if os.path.exists(f"/proc/{pid}")]


@linux
@as_root
@pytest.mark.root
@pytest.mark.slow
def test_files_that_nobody_may_read_are_not_needed_once_it_serves(tmp_path):
    """A checkout below a folder of mode 0700: no page may import or open anything any more."""
    source = tmp_path / "closed" / "src"
    shutil.copytree(os.path.join(TOP, "src"), source, ignore=shutil.ignore_patterns("__pycache__"))
    os.chmod(tmp_path / "closed", 0o700)
    with Running(tmp_path, "--write", source=str(source)) as hb:
        cookie = hb.come_in("write")
        until = time.monotonic() + PATIENCE
        while b'class="machine"' not in hb.ask("/machines", cookie).body and time.monotonic() < until:
            select.select([], [], [], 0.05)  # the first look is under way
        statuses = crawled(hb, cookie)
        status, err = hb.end()
    assert {path: status for path, status in statuses.items() if status >= 500} == {}
    assert len(statuses) > 40
    assert (status, err) == (0, "")


def crawled(hb, cookie, most=150):
    """The status of pages that are led to, a few of each kind."""
    found: dict[str, int] = {}
    kinds: dict[str, int] = {}
    left = ["/", "/ja", "/ports/1703", "/search?q=ssh", "/map", "/nothing"]
    while left and len(found) < most:
        path = left.pop(0)
        if path in found or path.startswith("/events"):
            continue
        said = hb.ask(path, cookie)
        found[path] = said.status
        for link in re.findall(rb'(?:href|src)="(/[^"#]*)', said.body):
            address = link.decode().replace("&amp;", "&")
            kind = re.sub(r"[0-9a-f]{4,}|\d+", "N", address)
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= 2:
                left.append(address)
    return found


@linux
@as_root
@pytest.mark.root
@pytest.mark.slow
def test_started_by_a_user_it_is_that_user_s_alone():
    if not readable_by(61008):
        pytest.skip("another user cannot run this Python or this checkout")
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, 61008, 61008)
        _only_for(folder)


def _only_for(folder):
    with Running(folder, uid=61008) as hb:
        assert hb.told["users"] == ["root", "61008"]
        assert {uid for _, uid in hb.processes()} == {61008}


def readable_by(uid):
    """Whether another user can run this Python and this checkout."""
    pid = os.fork()
    if pid == 0:
        os.setuid(uid)
        os._exit(0 if os.access(sys.executable, os.X_OK) and os.access(serving.__file__, os.R_OK) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
